import { type DestinationStream, type Logger, pino } from 'pino';

export interface LoggerOptions {
  readonly name: string;
  readonly level: string;
  /** Where lines go; standard error by default, since standard output is for data. */
  readonly destination?: DestinationStream;
}

// Passwords in URLs, bearer tokens and API keys, wherever in a line they turn up: in an error's text, a header, a query.
// It begins at `://` and not at the scheme, which would be searched for again from each letter of a long text.
const URL_PASSWORD = /(:\/\/[^\s:/?#@"]*):[^\s/?#"]*@/g;
const BEARER = /(bearer\s+)[^\s"\\]+/gi;
const API_KEY = /\brb_[A-Za-z0-9_-]{20,}/g;

/** A logger of JSON lines that keeps secrets out of them. */
export function createLogger({ name, level, destination }: LoggerOptions): Logger {
  return pino(
    {
      name,
      level,
      redact: {
        paths: ['authorization', 'headers.authorization', 'req.headers.authorization', 'password', 'key'],
        censor: '***',
      },
      hooks: { streamWrite: withoutSecrets },
    },
    destination ?? pino.destination({ dest: 2, sync: false }),
  );
}

/** A text with passwords, tokens and keys struck out. */
export function withoutSecrets(text: string): string {
  return text.replace(URL_PASSWORD, '$1:***@').replace(BEARER, '$1***').replace(API_KEY, 'rb_***');
}
