import { namesFields } from '../api/command.ts';
import { Button } from './button.tsx';
import { Failure } from './notice.tsx';

export interface FormEndProps {
  /** What sends the form. */
  readonly sent: { readonly error: Error | null; readonly isPending: boolean };
  /** Its fields: a fault of theirs is said there, and not once more here. */
  readonly fields: readonly string[];
  /** What did not happen, where it failed: "Nothing was booked". */
  readonly failed: string;
  /** The verb on the button: "Book it", never "OK"; and while it is sent: "Booking …". */
  readonly verb: string;
  readonly busy: string;
  onCancel(): void;
}

/** The end of a form in a dialog: why it failed, a way back, and the button that sends it. */
export function FormEnd({ sent: { error, isPending }, fields, failed, verb, busy, onCancel }: FormEndProps) {
  return (
    <>
      {error === null || namesFields(error, fields) ? null : <Failure error={error} what={failed} />}
      <div className="dialog-actions">
        <Button onPress={onCancel}>Cancel</Button>
        <Button type="submit" kind="primary" isBusy={isPending}>
          {isPending ? busy : verb}
        </Button>
      </div>
    </>
  );
}
