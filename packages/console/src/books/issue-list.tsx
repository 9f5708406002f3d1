import { ApiProblem } from '../api/problems.ts';
import { Name } from '../blocks/name.tsx';
import { Failure } from '../blocks/notice.tsx';

/** Why a file was refused: what failed, and each fault with its line. */
export function FileFailure({ error, what }: { readonly error: Error; readonly what: string }) {
  return (
    <>
      <Failure error={error} what={what} />
      {error instanceof ApiProblem && error.fields.length > 0 ? (
        <ul aria-label="Faults of the file">
          {error.fields.map(({ path: place, message }) => (
            <li key={place + message}>
              <Name>{message}</Name>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
