import { signIn } from './session.ts';

/** Signs in with the token that a link has in its fragment (`/#token=…`), and takes it out of the address and the history. */
export async function signInByLink(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) {
    return;
  }
  history.replaceState(history.state, '', location.pathname + location.search);
  await signIn({ token });
}
