import { visible } from '@rewardbook/contracts/values/visible';

/** A name or id from outside, in any script: it cannot turn the text around it, and two that differ look different. */
export function Name({ children }: { readonly children: string }) {
  return <bdi>{visible(children)}</bdi>;
}

/** A hash, whole: people compare all of it. */
export function Hash({ children }: { readonly children: string }) {
  return <code className="hash">{children}</code>;
}

/** The first digits of a hash, for a line of text; the whole of it is its title. */
export function ShortHash({ children }: { readonly children: string }) {
  return (
    <code className="hash" title={children}>
      {children.slice(0, 12)}…
    </code>
  );
}
