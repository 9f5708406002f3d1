import { SECURITY_HEADERS } from '@rewardbook/runtime/http/security-headers';

/**
 * Of the console's pages: everything comes from this server, no code or style is inline, nothing frames them or is sent to elsewhere.
 * Charts set styles by script, which the policy allows.
 */
const CONSOLE_CSP = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Features of browsers that the console does not use. */
const UNUSED_FEATURES = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'serial',
  'usb',
];

const HSTS = `max-age=${365 * 24 * 60 * 60}`;

/** Headers of every answer of the console itself; answers of the services keep the stricter policy that they come with. */
export function consoleHeaders(isSecure: boolean): Readonly<Record<string, string>> {
  return {
    ...SECURITY_HEADERS,
    'content-security-policy': CONSOLE_CSP,
    'permissions-policy': UNUSED_FEATURES.map((name) => `${name}=()`).join(', '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    ...(isSecure ? { 'strict-transport-security': HSTS } : {}),
  };
}
