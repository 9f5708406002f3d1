import { Button } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { useStore } from '../api/store.ts';
import { chooseTheme, type Theme, theme } from './theme.ts';

const NAMES: Readonly<Record<Theme, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' };
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

export function ThemeMenu() {
  const chosen = useStore(theme);
  return (
    <MenuTrigger>
      <Button className="button button-quiet button-small" aria-label={`Colours: ${NAMES[chosen]}`}>
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
          <path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z" fill="currentColor" />
        </svg>
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="menu"
          aria-label="Colours"
          selectionMode="single"
          selectedKeys={[chosen]}
          disallowEmptySelection
          onAction={(key) => {
            const next = THEMES.find((one) => one === key);
            if (next !== undefined) {
              chooseTheme(next);
            }
          }}
        >
          {THEMES.map((one) => (
            <MenuItem key={one} id={one} className="menu-item" textValue={NAMES[one]}>
              {NAMES[one]}
              {one === chosen ? <span aria-hidden="true">✓</span> : null}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
