import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** Keys whose value is never written, wherever they stand up to three levels deep. */
const SECRET_KEYS = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'passwordFile',
  'secret',
  'token',
  'code',
  'routingKey',
  'webhook',
  'privateKey',
  'identity',
  'dsn',
];
const paths = SECRET_KEYS.flatMap((key) =>
  ['', '*.', '*.*.'].map((prefix) => `${prefix}["${key}"]`.replace(/^\["(.+)"\]$/, '["$1"]')),
);

/** Things that look like a secret inside text: our tokens, bearer headers, user:password in a URL. */
const SECRET_TEXT =
  /\bsw_[A-Za-z0-9_-]{20,}|\bBearer\s+[\w.~+/-]{8,}=*|(?<=[a-z]:\/\/[^\s:/@]{0,100}:)[^\s@/]{1,200}(?=@)/gi;

/** The text without what looks like a secret. */
export function scrub(text: string): string {
  return text.replace(SECRET_TEXT, '[hidden]');
}

export interface LogOptions {
  level?: string;
  version: string;
  /** For people at a terminal: short lines instead of JSON. */
  pretty?: boolean;
}

/** JSON lines on stderr, or short ones for a terminal. Secrets are removed in both. */
export function createLog(options: LogOptions, out: { write(text: string): unknown } = process.stderr): Logger {
  const stream: DestinationStream = { write: (line) => void out.write(scrub(options.pretty ? short(line) : line)) };
  return pino(
    {
      level: options.level ?? 'info',
      base: { version: options.version },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths, censor: '[hidden]' },
      serializers: { err: pino.stdSerializers.errWithCause },
    },
    stream,
  );
}

/** What may stand on a line as it is; the rest is quoted, so that a path from outside cannot begin a line or move the cursor. */
const PLAIN = /^[\p{L}\p{N}\p{P}\p{S} ]*$/u;

/** `22:14:03 info  audit finished  target=local score=81` */
function short(line: string): string {
  const { level, time, msg, version: _version, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const fields = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === 'string' && PLAIN.test(value) ? value : JSON.stringify(value)}`,
  );
  const error =
    typeof err === 'object' && err !== null && 'message' in err ? `error=${JSON.stringify(err.message)}` : '';
  const parts = [String(time).slice(11, 19), String(level).padEnd(5), plain(msg), ...fields, error];
  return `${parts.filter((part) => part !== undefined && part !== '').join('  ')}\n`;
}

function plain(message: unknown): string {
  const text = String(message ?? '');
  return PLAIN.test(text) ? text : JSON.stringify(text);
}
