import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A certificate with its key, as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** An authority of a test, and what it signs: X.509 by hand, so that no test needs openssl. */
export interface Authority {
  readonly certificate: string;
  /** @param host a name, or an IPv4 address */
  issue(host: string): Certificate;
}

const SEQUENCE = 0x30;
const ECDSA_SHA256 = tagged(SEQUENCE, oid('2a8648ce3d040302'));
const DAY_MS = 86_400_000;

export function makeAuthority(name: string): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const mayIssue = extension('551d13', tagged(SEQUENCE, tagged(0x01, Buffer.from([0xff]))));
  return {
    certificate: pem('CERTIFICATE', certificateOf(name, keys.publicKey, name, keys.privateKey, mayIssue)),
    issue(host) {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const isAddress = /^[\d.]+$/.test(host);
      const alternative = isAddress
        ? tagged(0x87, Buffer.from(host.split('.').map(Number)))
        : tagged(0x82, Buffer.from(host));
      const names = extension('551d11', tagged(SEQUENCE, alternative));
      return {
        certificate: pem('CERTIFICATE', certificateOf(host, own.publicKey, name, keys.privateKey, names)),
        key: String(own.privateKey.export({ type: 'pkcs8', format: 'pem' })),
      };
    },
  };
}

function certificateOf(subject: string, key: KeyObject, issuer: string, signer: KeyObject, more: Buffer): Buffer {
  const now = Date.now();
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(8)]);
  const contents = tagged(
    SEQUENCE,
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, serial),
    ECDSA_SHA256,
    nameOf(issuer),
    tagged(SEQUENCE, time(now - DAY_MS), time(now + DAY_MS)),
    nameOf(subject),
    key.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, tagged(SEQUENCE, more)),
  );
  return tagged(SEQUENCE, contents, ECDSA_SHA256, bits(sign('sha256', contents, signer)));
}

function nameOf(text: string): Buffer {
  return tagged(SEQUENCE, tagged(0x31, tagged(SEQUENCE, oid('550403'), tagged(0x0c, Buffer.from(text)))));
}

function extension(id: string, value: Buffer): Buffer {
  return tagged(SEQUENCE, oid(id), tagged(0x04, value));
}

function time(epochMs: number): Buffer {
  return tagged(0x18, Buffer.from(`${new Date(epochMs).toISOString().replace(/[-:T]|\.\d+/g, '')}`));
}

function bits(value: Buffer): Buffer {
  return tagged(0x03, Buffer.from([0]), value);
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  if (value.length < 128) {
    return Buffer.concat([Buffer.from([tag, value.length]), value]);
  }
  const length = Buffer.from(value.length.toString(16).padStart(value.length > 255 ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, value]);
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
