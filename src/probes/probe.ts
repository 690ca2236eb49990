import type { Collected } from '../core/collected.ts';
import type { FactKey, FactMap } from '../core/facts/index.ts';
import type { TargetKind, TargetOf } from '../core/target.ts';

/** What a probe may use besides its target. Everything that leaves the process goes through `net`. */
export interface ProbeContext {
  /** Aborted at the probe's deadline or when the run is cancelled; every await on the outside world honours it. */
  signal: AbortSignal;
  /** Epoch ms. */
  now(): number;
  /** Kept with the result, bounded; shown when the fact is absent. No secrets. */
  log(line: string): void;
  /**
   * Counts what we cause on the target, for the report. `failures`: connections to an SSH server that end without a log-in,
   * each of which the strictest watchers (fail2ban in aggressive mode, PerSourcePenalties) hold against us.
   */
  count(what: 'connections' | 'requests' | 'commands' | 'failures', n?: number): void;
  /**
   * A fact that another probe of this audit collects, once it is there; `undefined` where nobody collects it or it is
   * absent. For what widens a look, never for what it needs: two probes that wait for each other would wait for ever.
   */
  fact?<K extends FactKey>(key: K): Promise<FactMap[K] | undefined>;
}

/** Facts that one look at a target gives, each there or absent. */
export type Gathered<K extends FactKey> = { [P in K]?: Collected<FactMap[P]> };

/**
 * Touches the world and gives facts, once per target and audit. `collect` gets the keys that the chosen checks need, so
 * that a host's one script holds only what somebody asked for. A probe that throws makes all its wanted keys absent.
 */
export interface Probe<K extends FactKey = FactKey, T extends TargetKind = TargetKind> {
  name: string;
  keys: readonly K[];
  on: readonly T[];
  timeoutMs: number;
  /** Facts that cost the target much: a service that audits again and again asks for them no more often than this. */
  slow?: { keys: readonly K[]; everyMs: number };
  collect(target: TargetOf<T>, context: ProbeContext, wanted: ReadonlySet<K>): Promise<Gathered<K>>;
}

/** A probe of one fact: `look` returns the fact or throws `AbsentError`. */
export function probeOf<K extends FactKey, T extends TargetKind>(probe: {
  key: K;
  on: readonly T[];
  timeoutMs: number;
  look(target: TargetOf<T>, context: ProbeContext): Promise<FactMap[K]>;
}): Probe<K, T> {
  return {
    name: probe.key,
    keys: [probe.key],
    on: probe.on,
    timeoutMs: probe.timeoutMs,
    async collect(target, context) {
      const started = context.now();
      const value = await probe.look(target, context);
      const at = context.now();
      return { [probe.key]: { ok: true, value, at, ms: at - started } } as Gathered<K>;
    },
  };
}
