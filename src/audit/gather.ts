import { setMaxListeners } from 'node:events';
import { type Absence, AbsentError, type Collected } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';
import type { FactBundle } from '../core/facts/bundle.ts';
import { FACTS, type FactKey, type FactMap } from '../core/facts/index.ts';
import type { Target } from '../core/target.ts';
import type { Probe, ProbeContext } from '../probes/probe.ts';
import { settle } from './settle.ts';

/** Largest fact that is kept, as JSON text. A target that makes us collect more is not believed, it is refused. */
const MAX_FACT_CHARS = 16 * 1024 * 1024;
const MAX_LOG_LINES = 200;
const MAX_LOG_CHARS = 500;

/** What we caused on the target, for the report. */
export type Caused = Record<'connections' | 'requests' | 'commands' | 'failures', number>;

export interface GatherInput {
  target: Target;
  /** Which probes to run and what to ask each for; see `probesFor`. */
  plan: ReadonlyMap<Probe, ReadonlySet<FactKey>>;
  signal: AbortSignal;
  /** Ceiling over every probe's own time-out, ms. */
  timeoutMs?: number | undefined;
  now(): number;
  onProbe?: ((done: { probe: string; targetId: string; ms: number; ok: boolean }) => void) | undefined;
  /** Told about a probe that broke in a way it did not foresee. */
  onCrash?: ((probe: string, thrown: unknown) => void) | undefined;
}

type Absent = (absence: Absence) => Extract<Collected<never>, { ok: false }>;

/** Runs the probes of one target side by side. Never rejects: whatever goes wrong becomes the absence of a fact. */
export async function gather(input: GatherInput): Promise<{ bundle: FactBundle; caused: Caused }> {
  const caused: Caused = { connections: 0, requests: 0, commands: 0, failures: 0 };
  const collectedAt = input.now();
  // One listener per probe and per connection of a probe is no leak: they go when the audit ends.
  setMaxListeners(0, input.signal);
  const running = new Map<FactKey, Promise<Record<string, Collected<unknown>>>>();
  const parts = await Promise.all(
    [...input.plan].map(([probe, wanted]) => {
      // A probe may ask for the facts of another one; they start in the same turn, so the first `await` finds all of them.
      const part = Promise.resolve().then(() => runProbe(probe, wanted, input, caused, running));
      for (const key of wanted) running.set(key, part);
      return part;
    }),
  );
  const facts: FactBundle['facts'] = Object.assign({}, ...parts);
  return { bundle: { targetId: input.target.id, kind: input.target.kind, collectedAt, facts }, caused };
}

async function runProbe(
  probe: Probe,
  wanted: ReadonlySet<FactKey>,
  input: GatherInput,
  caused: Caused,
  running: ReadonlyMap<FactKey, Promise<Record<string, Collected<unknown>>>>,
): Promise<Record<string, Collected<unknown>>> {
  const started = input.now();
  const lines: string[] = [];
  const timeoutMs = Math.min(probe.timeoutMs, input.timeoutMs ?? probe.timeoutMs);
  const deadline = new AbortController();
  const timer = setTimeout(
    () => deadline.abort(new AbsentError('timeout', `no complete answer within ${timeoutMs / 1000} s`)),
    timeoutMs,
  );
  const signal = AbortSignal.any([input.signal, deadline.signal]);
  setMaxListeners(0, signal);
  const context: ProbeContext = {
    signal,
    now: input.now,
    log(line) {
      if (lines.length < MAX_LOG_LINES) lines.push(line.slice(0, MAX_LOG_CHARS));
    },
    count(what, n = 1) {
      caused[what] += n;
    },
    async fact<K extends FactKey>(key: K) {
      if (wanted.has(key)) return undefined;
      const found = (await running.get(key))?.[key];
      return found?.ok ? (found.value as FactMap[K]) : undefined;
    },
  };
  const absent: Absent = (absence) => {
    const at = input.now();
    return { ok: false, absence: lines.length > 0 ? { ...absence, log: lines } : absence, at, ms: at - started };
  };
  const result: Record<string, Collected<unknown>> = {};
  try {
    const gathered: Record<string, Collected<unknown> | undefined> = await settle(
      probe.collect(input.target, context, wanted),
      signal,
    );
    for (const key of wanted) {
      const collected = gathered[key];
      if (!collected) result[key] = absent({ kind: 'crashed', reason: `the probe "${probe.name}" gave no answer` });
      else result[key] = collected.ok ? checked(key, collected, absent) : absent(collected.absence);
    }
  } catch (thrown) {
    const absence = absenceOf(thrown, signal);
    if (absence.kind === 'crashed') input.onCrash?.(probe.name, thrown);
    for (const key of wanted) result[key] = absent(absence);
  } finally {
    clearTimeout(timer);
  }
  const ok = Object.values(result).every((one) => one.ok || one.absence.kind === 'not-applicable');
  input.onProbe?.({ probe: probe.name, targetId: input.target.id, ms: input.now() - started, ok });
  return result;
}

/** Why a fact is missing, from what its probe threw. */
export function absenceOf(thrown: unknown, signal: AbortSignal): Absence {
  if (thrown instanceof AbsentError) return thrown.absence;
  if (!signal.aborted) return { kind: 'crashed', reason: reasonOf(thrown) };
  return signal.reason instanceof AbsentError
    ? signal.reason.absence
    : { kind: 'timeout', reason: 'the audit was stopped before there was an answer' };
}

/** A fact that does not fit its schema, or is too large to keep, is absent: half a fact would be a guess. */
function checked(
  key: FactKey,
  collected: Extract<Collected<unknown>, { ok: true }>,
  absent: Absent,
): Collected<unknown> {
  const parsed = FACTS[key].safeParse(collected.value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = [key, ...(issue?.path ?? [])].join('.');
    return absent({ kind: 'unreadable', reason: `unexpected shape at ${place}: ${issue?.message}` });
  }
  const chars = JSON.stringify(parsed.data).length;
  if (chars > MAX_FACT_CHARS) {
    return absent({ kind: 'unreadable', reason: `the target's answer is too large to keep (${chars} characters)` });
  }
  return { ...collected, value: parsed.data };
}
