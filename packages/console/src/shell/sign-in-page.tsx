import { useStore } from '../api/store.ts';
import { Notice } from '../blocks/notice.tsx';
import { linkFailure } from '../session/link-failure.ts';
import { PageTitle } from './page-title.tsx';
import { SignInForm } from './sign-in-form.tsx';

export function SignInPage() {
  const failure = useStore(linkFailure);
  return (
    <div className="page page-narrow">
      <PageTitle>Sign in</PageTitle>
      {failure === undefined ? null : (
        <Notice tone="warn" title="This link no longer signs in">
          A link works once and for ten minutes. Start <code>rewardbook up</code> or <code>rewardbook demo</code> again
          for a new one, or use an API key.
        </Notice>
      )}
      <div className="panel">
        <SignInForm />
      </div>
      <p className="quiet">
        Somebody with the right to approve makes keys:{' '}
        <code>rewardbook keys create --name you --scopes read,operate</code>
      </p>
    </div>
  );
}
