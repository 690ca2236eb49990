import { randomBytes } from 'node:crypto';
import { AbsentError, type Collected } from '../../core/collected.ts';
import { reasonOf } from '../../core/error.ts';
import type { FactKey, FactMap } from '../../core/facts/index.ts';
import type { HostTarget } from '../../core/target.ts';
import { LoginError } from '../../net/ssh-login-error.ts';
import type { Transport } from '../../net/transport.ts';
import { localTransport } from '../../net/transport-local.ts';
import { connectSsh } from '../../net/transport-ssh.ts';
import type { Gathered, Probe, ProbeContext } from '../probe.ts';
import { type Frame, readFrames } from './frame.ts';
import { hostScript, installedScript } from './script.ts';
import { secretsSection } from './secrets.ts';
import type { HostSection } from './section.ts';
import { SECTIONS } from './sections.ts';

const NO_LOGIN = 'this target is the machine itself, so nobody logs in over SSH';

/** Bytes that a shell may print before the script begins. */
const NOISE_LIMIT = 2_097_152;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Everything that is read on a host: one connection, one channel, one script. */
export const hostProbe: Probe<FactKey, 'host'> = {
  name: 'host',
  keys: [...SECTIONS.map((section) => section.key), 'sshd', 'login'],
  on: ['host'],
  // The slow search alone may take four minutes; what ended before a shorter deadline is kept.
  timeoutMs: 360_000,
  slow: { keys: SECTIONS.filter((section) => section.slow).map((section) => section.key), everyMs: DAY_MS - HOUR_MS },
  collect: (target, context, wanted) => collectHost(target, context, wanted, SECTIONS),
};

/** The script as `seaworthy host-script` prints it: every section, a readable marker. */
export function renderHostScript(): string {
  // The key of the fingerprints is nobody else's business.
  const shown = SECTIONS.map((section) => (section.key === 'host.secrets' ? secretsSection() : section));
  return hostScript(shown, { marker: 'SEAWORTHY-RANDOM-PER-RUN', sudo: true });
}

/** The script as a program for a forced command. */
export function renderInstalledScript(options: { sudo: boolean }): string {
  return installedScript(SECTIONS, options);
}

/** Collects what is wanted of a host. `sections` is a parameter so that a test can bring its own. */
export async function collectHost(
  target: HostTarget,
  context: ProbeContext,
  wanted: ReadonlySet<FactKey>,
  sections: readonly HostSection[],
): Promise<Gathered<FactKey>> {
  const started = context.now();
  const found: Record<string, Collected<unknown>> = {};
  const keep = (key: string, outcome: { value: unknown } | { thrown: unknown }, ms?: number): void => {
    const at = context.now();
    const spent = ms ?? at - started;
    found[key] =
      'value' in outcome
        ? { ok: true, value: outcome.value, at, ms: spent }
        : { ok: false, absence: absenceOf(outcome.thrown, context.signal), at, ms: spent };
  };
  const chosen = sections.filter((section) => wanted.has(section.key));
  let transport: Transport | null = null;
  try {
    transport = await connect(target, context);
    for (const key of ['login', 'sshd'] as const) {
      if (!wanted.has(key)) continue;
      const value = transport[key];
      keep(key, value ? { value } : { thrown: new AbsentError('not-applicable', NO_LOGIN) });
    }
    if (chosen.length > 0) {
      const frames = await runSections(transport, target, context, chosen);
      for (const section of chosen) {
        const frame = frames.get(section.key);
        if (frame) keep(section.key, parseFrame(section, frame, context.signal), frame.ms);
      }
    }
  } catch (thrown) {
    // What was already seen stays: a changed host key is a fact although the log-in never happened.
    const seen = transport ?? partOf(thrown);
    for (const key of wanted) {
      if (found[key]) continue;
      const value = key === 'login' || key === 'sshd' ? seen?.[key] : null;
      keep(key, value ? { value } : { thrown });
    }
  } finally {
    transport?.close();
  }
  return found as Gathered<FactKey>;
}

function connect(target: HostTarget, context: ProbeContext): Promise<Transport> | Transport {
  if (target.transport === 'local') return localTransport();
  if (!target.ssh) throw new AbsentError('unreachable', 'the configuration gives no SSH log-in for this host');
  // Each counts as a failure until one is let in.
  const onConnection = () => {
    context.count('connections');
    context.count('failures');
  };
  return connectSsh(target.ssh, { signal: context.signal, onConnection }).then((transport) => {
    context.count('failures', -1);
    return transport;
  });
}

async function runSections(
  transport: Transport,
  target: HostTarget,
  context: ProbeContext,
  sections: readonly HostSection[],
): Promise<Map<string, Frame>> {
  const marker = `sw-${randomBytes(16).toString('hex')}`;
  const script = hostScript(sections, { marker, sudo: target.ssh?.sudo ?? false });
  const room = sections.reduce((sum, section) => sum + section.maxBytes + 512, NOISE_LIMIT);
  context.count('commands');
  const result = await transport.run(script, {
    signal: context.signal,
    keepPartial: true,
    maxBytes: room,
  });
  // Cut off before its first line it has not even begun; nothing about the shell can be said.
  if (context.signal.aborted && result.stdout.length === 0) context.signal.throwIfAborted();
  const { frames, complete } = readFrames(result.stdout, result.stderr, { marker, sections });
  if (!complete) context.log(`the script ended early with ${result.exitCode ?? 'a signal'}`);
  return frames;
}

/** The sections that ended before the deadline are kept; of the others the deadline is the reason. */
function parseFrame(
  section: HostSection,
  frame: Frame,
  signal: AbortSignal,
): { value: FactMap[FactKey] } | { thrown: unknown } {
  if (!frame.ok && !frame.ended && signal.aborted) return { thrown: signal.reason };
  if (!frame.ok) return { thrown: new AbsentError(frame.absence.kind, frame.absence.reason) };
  try {
    return { value: section.parse(frame.output) };
  } catch (thrown) {
    return { thrown };
  }
}

function absenceOf(thrown: unknown, signal: AbortSignal) {
  if (thrown instanceof AbsentError) return thrown.absence;
  if (signal.aborted && signal.reason instanceof AbsentError) return signal.reason.absence;
  if (signal.aborted) return { kind: 'timeout' as const, reason: 'the audit was stopped before there was an answer' };
  return { kind: 'crashed' as const, reason: reasonOf(thrown) };
}

/** What a refused log-in had learned of the server before it was refused. */
function partOf(thrown: unknown): Pick<Transport, 'login' | 'sshd'> | null {
  return thrown instanceof LoginError ? thrown : null;
}
