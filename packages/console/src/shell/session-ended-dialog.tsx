import { sessionEnded } from '../api/connection.ts';
import { useStore } from '../api/store.ts';
import { Dialog } from '../blocks/dialog.tsx';
import { SignInForm } from './sign-in-form.tsx';

/** The session has ended while the console was in use: whoever was there signs in again, and the page behind stays. */
export function SessionEndedDialog() {
  const hasEnded = useStore(sessionEnded);
  return (
    <Dialog title="Your session has ended" isOpen={hasEnded} onClose={() => undefined} mustAnswer>
      <p>
        It was open for too long without use, or its key was revoked. Sign in again to go on; what you typed is still
        there.
      </p>
      <SignInForm />
    </Dialog>
  );
}
