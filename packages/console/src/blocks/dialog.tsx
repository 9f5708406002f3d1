import type { ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Button } from './button.tsx';
import { Failure } from './notice.tsx';

export interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  onClose(): void;
  readonly children: ReactNode;
  /** It has to be answered: a press outside does not close it. */
  readonly mustAnswer?: boolean;
}

export function Dialog({ title, isOpen, onClose, children, mustAnswer = false }: DialogProps) {
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      isDismissable={!mustAnswer}
      isKeyboardDismissDisabled={mustAnswer}
      onOpenChange={(open) => (open ? undefined : onClose())}
    >
      <Modal className="dialog-box">
        <AriaDialog className="dialog" role="dialog">
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export interface ConfirmProps {
  readonly title: string;
  readonly isOpen: boolean;
  onClose(): void;
  /** What will be done, in words and totals. */
  readonly children: ReactNode;
  /** The verb on the button: "Approve and post", never "OK". */
  readonly verb: string;
  readonly isDangerous?: boolean;
  onConfirm(): void;
  readonly isBusy: boolean;
  readonly error: Error | null;
}

/** A question before something that cannot be taken back. */
export function ConfirmDialog(props: ConfirmProps) {
  const { title, isOpen, onClose, children, verb, isDangerous = false, onConfirm, isBusy, error } = props;
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      {children}
      {error === null ? null : <Failure error={error} what="This was not done" />}
      <div className="dialog-actions">
        <Button onPress={onClose}>Cancel</Button>
        <Button kind={isDangerous ? 'danger' : 'primary'} onPress={onConfirm} isBusy={isBusy}>
          {isBusy ? 'Working …' : verb}
        </Button>
      </div>
    </Dialog>
  );
}
