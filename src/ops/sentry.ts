import { scrub } from './log.ts';

/** Tells somebody about errors that nobody foresaw. */
export interface CrashReporter {
  report(thrown: unknown, where: string): void;
  /** Waits until what was reported has left, at most `ms`. */
  flush(ms: number): Promise<void>;
}

const SILENT: CrashReporter = { report() {}, async flush() {} };

/** Every text inside a value, scrubbed; keys that name a secret lose their value. Bounded in depth. */
function scrubbed(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return scrub(value);
  if (typeof value !== 'object' || value === null || depth > 12) return value;
  if (Array.isArray(value)) return value.map((one) => scrubbed(one, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      /authorization|cookie|password|secret|token|dsn|api[-_]?key/i.test(key) && typeof one === 'string'
        ? '[hidden]'
        : scrubbed(one, depth + 1),
    ]),
  );
}

/**
 * Sentry where a DSN is given; without one nothing of it is loaded. Sends errors only: no traces, no request bodies, no
 * personal data, no host name.
 */
export async function createCrashReporter(
  dsn: string | undefined,
  release: { version: string; environment?: string | undefined },
): Promise<CrashReporter> {
  if (!dsn) return SILENT;
  const Sentry = await import('@sentry/node');
  Sentry.init({
    dsn,
    release: `seaworthy@${release.version}`,
    environment: release.environment ?? 'production',
    sendDefaultPii: false,
    tracesSampleRate: 0,
    serverName: 'seaworthy',
    // Handlers of uncaught errors are our own; local variables of a stack may hold secrets.
    defaultIntegrations: false,
    integrations: [Sentry.linkedErrorsIntegration(), Sentry.dedupeIntegration(), Sentry.nodeContextIntegration()],
    beforeSend: (event) => scrubbed(event) as typeof event,
  });
  return {
    report(thrown, where) {
      Sentry.captureException(thrown, { tags: { where } });
    },
    async flush(ms) {
      await Sentry.close(ms);
    },
  };
}
