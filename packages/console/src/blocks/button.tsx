import type { ReactNode } from 'react';

export interface ButtonProps {
  readonly children: ReactNode;
  onPress?(): void;
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly isSmall?: boolean;
  readonly type?: 'button' | 'submit';
  /** It is being done: it cannot be asked for twice. */
  readonly isBusy?: boolean;
  /** Why it cannot be done; the button stays reachable, so that everybody learns why. */
  readonly refusal?: string | undefined;
  readonly label?: string;
}

const KINDS = { plain: '', primary: ' button-primary', danger: ' button-danger', quiet: ' button-quiet' };

/** While it is busy it keeps the focus, says so, and does nothing: `disabled` would drop whoever pressed it at the page's top. */
export function Button(props: ButtonProps) {
  const { children, kind = 'plain', isSmall = false, type = 'button', isBusy = false, refusal, label, onPress } = props;
  const className = `button${KINDS[kind]}${isSmall ? ' button-small' : ''}`;
  if (refusal !== undefined) {
    return <RefusedButton className={className} refusal={refusal} label={children} />;
  }
  return (
    <button
      className={className}
      type={type}
      {...(isBusy ? { 'aria-disabled': true, 'aria-busy': true } : {})}
      {...(label === undefined ? {} : { 'aria-label': label })}
      onClick={(event) => {
        if (isBusy) {
          event.preventDefault();
          return;
        }
        onPress?.();
      }}
    >
      {children}
    </button>
  );
}

/** Says next to the button why it does nothing. */
function RefusedButton({ className, refusal, label }: { className: string; refusal: string; label: ReactNode }) {
  return (
    <span className="row">
      <button type="button" className={className} aria-disabled="true">
        {label}
      </button>
      <span className="small quiet">{refusal}</span>
    </span>
  );
}
