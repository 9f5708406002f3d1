import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createFront } from './front.ts';

it('sends headers against sniffing, framing and scripts with its page, its JSON and unknown paths', async () => {
  const front = createFront({ front: 'http://f', events: 'http://e', ledger: 'http://l', reports: 'http://r' });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const { port } = front.address() as AddressInfo;
  for (const [path, accept] of [
    ['/', 'text/html'],
    ['/', 'application/json'],
    ['/none', '*/*'],
  ] as const) {
    const { headers } = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { accept } });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; frame-ancestors 'none'/);
    expect(headers.get('content-security-policy')).not.toContain('script-src');
  }
  front.close();
  front.closeAllConnections();
});
