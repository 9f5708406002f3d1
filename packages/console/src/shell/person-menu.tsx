import type { SessionOut } from '@rewardbook/contracts/api/access/session';
import { useMutation } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { Header } from 'react-aria-components/Header';
import { Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { describeError } from '../api/problems.ts';
import { Name } from '../blocks/name.tsx';
import { Notice } from '../blocks/notice.tsx';
import { changePerson, signOut } from '../session/session.ts';

const SIGN_OUT = 'sign-out';
const PERSON = 'person:';

/** Who is signed in; to change to another of the session's people, or sign out. */
export function PersonMenu({ session: { person, people } }: { readonly session: SessionOut }) {
  const change = useMutation({ mutationFn: changePerson });
  const leave = useMutation({ mutationFn: signOut });
  const error = change.error ?? leave.error;
  const others = people.filter((name) => name !== person.name);
  return (
    <>
      {error === null ? null : (
        <Notice tone="bad" title="This was not done">
          {describeError(error)}
        </Notice>
      )}
      <MenuTrigger>
        <Button className="button button-small">
          <Name>{person.name}</Name>
          <span aria-hidden="true">▾</span>
        </Button>
        <Popover className="popover" placement="bottom end">
          <Menu
            className="menu"
            aria-label="Person"
            onAction={(key) => (key === SIGN_OUT ? leave.mutate() : change.mutate(String(key).slice(PERSON.length)))}
          >
            <MenuSection>
              <Header className="menu-title">
                May: {person.scopes.length === 0 ? 'nothing' : person.scopes.join(', ')}
                {person.programs === null ? null : (
                  <>
                    <br />
                    Only for: {person.programs.join(', ')}
                  </>
                )}
              </Header>
              {others.map((name) => (
                <MenuItem key={name} id={PERSON + name} className="menu-item" textValue={`Go on as ${name}`}>
                  <span>
                    Go on as <Name>{name}</Name>
                  </span>
                </MenuItem>
              ))}
              <MenuItem id={SIGN_OUT} className="menu-item" textValue="Sign out">
                Sign out
              </MenuItem>
            </MenuSection>
          </Menu>
        </Popover>
      </MenuTrigger>
    </>
  );
}
