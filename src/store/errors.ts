import { AppError, EXIT, reasonOf } from '../core/error.ts';

/** What a database's own error code means to the person who runs us, and what to do about it. */
const MEANINGS: readonly [code: RegExp, id: string, what: string, hint: string][] = [
  [/^SQLITE_FULL$|^53100$|^ENOSPC$/, 'store-full', 'has no room left', 'free some disk space; nothing was written'],
  [
    /^SQLITE_READONLY|^25006$|^EROFS$/,
    'store-read-only',
    'is read-only',
    'make the file and its folder writable for the user that runs seaworthy',
  ],
  [
    /^SQLITE_CANTOPEN|^EACCES$|^EPERM$|^ENOENT$|^ENOTDIR$|^EISDIR$|^EEXIST$/,
    'store-unreadable',
    'cannot be opened',
    'check that the path exists and that the user that runs seaworthy may read and write it',
  ],
  [/^SQLITE_NOTADB$/, 'store-foreign', 'is not a SQLite database', 'choose another file, or restore it from a backup'],
  [
    /^SQLITE_CORRUPT/,
    'store-damaged',
    'is damaged',
    'stop the service and restore the newest backup (seaworthy restore)',
  ],
  [/^SQLITE_BUSY|^55P03$/, 'store-busy', 'is held by another process', 'wait for it, or end it, and try again'],
  [/^SQLITE_IOERR/, 'store-io', 'cannot be read or written', 'check the disk: the system log says more'],
  [/^28/, 'store-denied', 'refused the log-in', 'check user and password in the store URL'],
  [/^3D000$/, 'store-missing', 'does not exist', 'create the database first (createdb)'],
  [/^42501$/, 'store-denied', 'does not let this user do that', 'grant the user all rights on its schema'],
  [
    /^ECONN|^ENOTFOUND$|^EAI_|^ETIMEDOUT$|^EHOSTUNREACH$|^57P0|^08/,
    'store-unreachable',
    'cannot be reached',
    'check that PostgreSQL runs and that the address in the store URL is right',
  ],
];

/** The driver's error below drizzle's wrapper, whose message would repeat every parameter. */
export function rootOf(thrown: unknown): unknown {
  let root = thrown;
  while (root instanceof Error && root.cause !== undefined && !('code' in root)) root = root.cause;
  if (root instanceof AggregateError && root.errors.length > 0) return root.errors[0];
  return root;
}

/** Makes an error of a database one that a person can act on, without the values that were being written. */
export function storeError(thrown: unknown, where: string): Error {
  if (thrown instanceof AppError) return thrown;
  const root = rootOf(thrown);
  const code = root instanceof Error && 'code' in root ? String(root.code) : '';
  const known = MEANINGS.find(([pattern]) => pattern.test(code));
  if (known) {
    const [, id, what, hint] = known;
    return new AppError(id, `the store ${where} ${what} (${reasonOf(root)})`, {
      hint,
      exit: EXIT.couldNotLook,
      cause: root,
    });
  }
  if (root !== thrown && root instanceof Error) return root;
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
