/** Process exit codes: fine, the gate or `--fail-on` said no, wrong usage or configuration, could not look. */
export const EXIT = { ok: 0, failed: 1, usage: 2, couldNotLook: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * An error that a person can act on: `message` says what is wrong and where, `hint` what to do about it.
 * It is printed as one or two lines, never with a stack trace; anything else that is thrown is a bug.
 */
export class AppError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exit: ExitCode;

  constructor(code: string, message: string, more: { hint?: string; exit?: ExitCode; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = more.hint;
    this.exit = more.exit ?? EXIT.usage;
  }
}

/** The text of anything that was thrown, on one line; follows `cause` so that the root is not lost. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const own = (thrown.message || ('code' in thrown && String(thrown.code)) || thrown.name).replace(/\s+/g, ' ').trim();
  if (thrown.cause === undefined) return own;
  const cause = reasonOf(thrown.cause);
  return own.includes(cause) ? own : `${own}: ${cause}`;
}
