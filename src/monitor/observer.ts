import { isIP } from 'node:net';
import type { Beat, MonitorSpec, MonitorState } from '../core/monitor.ts';
import type { Signal } from '../core/signal.ts';
import { afterTally, afterVerdict, type Mode, type SelfVerdict, TRIP_WINDOW_MS, tally } from './breaker.ts';
import { BLIND_KEY, blindSignal, MASS_KEY, massSignal, monitorSignal } from './signal.ts';
import { gapMs, retract, type Stepped, step, verdictOf } from './step.ts';

export interface ObserverParts {
  now(): number;
  /** Looks at ourselves; see `selfCheck`. */
  ask(): Promise<SelfVerdict>;
  states: Map<string, MonitorState>;
  fresh(spec: MonitorSpec, at: number): MonitorState;
  /** A look that has been judged. `signal` is what the incidents hear of it now. */
  judged(spec: MonitorSpec, beat: Beat, stepped: Stepped, signal: Signal | null): void;
  /** A state changed without a look. */
  changed(state: MonitorState, stepped: Stepped, signal: Signal | null): void;
  say(signal: Signal): void;
}

export interface Observer {
  /** Which monitors there are. */
  set(monitors: readonly MonitorSpec[]): void;
  look(spec: MonitorSpec, beat: Beat): void;
  /** Judges what still waits for a verdict on ourselves. */
  stop(): Promise<void>;
}

const TICK_MS = 1_000;
const UPDATE_MS = 30_000;

/**
 * Stands between looks and verdicts: when much fails at once it asks first whether it is us. Broken ourselves, looks
 * without an answer become unknown; else one incident stands for all until most of them have recovered, and what is still
 * down then gets its own.
 */
export function startObserver(parts: ObserverParts, openKeys: ReadonlyMap<string, readonly string[]>): Observer {
  const { now, states } = parts;
  let specs = new Map<string, MonitorSpec>();
  let mode: Mode = { kind: 'calm', trustedUntil: 0 };
  // A restart goes on where the incidents say that we stood.
  const members = openKeys.get(MASS_KEY);
  if (members) mode = { kind: 'mass', since: now(), members: [...members], note: null, askAt: now() };
  else if (openKeys.has(BLIND_KEY)) {
    mode = { kind: 'blind', since: now(), reason: 'as before the restart', loopbackToo: false, askAt: now() };
  }
  let queue: { spec: MonitorSpec; beat: Beat }[] = [];
  let asking: Promise<void> | null = null;
  let countedAt = Number.NEGATIVE_INFINITY;
  let counted = new Set(members);
  let told = { size: members?.length ?? 0, at: now() };

  const down = (): Set<string> => {
    const ids = [...states.values()].filter((one) => verdictOf(one) === 'down' || one.streak?.state === 'down');
    return new Set(ids.filter((one) => specs.has(one.monitorId)).map((one) => one.monitorId));
  };

  function count(): void {
    const at = now();
    // Counting costs a pass over all of them: the more there are, the rarer it is.
    if (Math.abs(at - countedAt) < specs.size / 10) return;
    countedAt = at;
    const all = [...specs.values()].flatMap((spec) => {
      const state = states.get(spec.id);
      return state ? [{ spec, state }] : [];
    });
    enter(afterTally(mode, tally(all, at), mode.kind === 'mass' ? down() : new Set(), at));
    if (mode.kind === 'checking') ask();
  }

  function ask(): void {
    asking ??= parts
      .ask()
      .catch((): SelfVerdict => ({ kind: 'unsure', reason: 'the look at ourselves failed' }))
      .then((verdict) => {
        asking = null;
        enter(afterVerdict(mode, verdict, now()));
        const waiting = queue;
        queue = [];
        for (const { spec, beat } of waiting) judge(spec, beat);
      });
  }

  function enter(next: Mode): void {
    const before = mode;
    mode = next;
    if (before.kind === next.kind) return;
    const at = now();
    if (next.kind === 'blind') {
      const failing = before.kind === 'checking' ? before.failing : before.kind === 'mass' ? before.members : [];
      for (const id of failing) takeBack(id, next, at);
      parts.say(blindSignal('open', at, next.reason));
    }
    if (before.kind === 'blind') parts.say(blindSignal('close', at, 'our own network answers again'));
    if (next.kind === 'mass') foldIn(next, at);
    if (before.kind === 'mass' && next.kind === 'calm') unfold(before, at);
    if (before.kind === 'mass' && next.kind === 'blind') parts.say(massSignal('close', at, [], next.reason));
  }

  function takeBack(id: string, blind: Extract<Mode, { kind: 'blind' }>, at: number): void {
    const spec = specs.get(id);
    const state = states.get(id);
    if (!spec || !state || (isLoopback(spec) && !blind.loopbackToo)) return;
    const from = at - Math.max(TRIP_WINDOW_MS, spec.everyMs * (spec.downAfter + 1));
    const stepped = retract(state, from, at, `our own network: ${blind.reason}`);
    states.set(id, stepped.state);
    parts.changed(stepped.state, stepped, stepped.signal && monitorSignal(spec, stepped.signal, at, 'it was us'));
  }

  const membersOf = (ids: readonly string[]): MonitorSpec[] => ids.flatMap((id) => specs.get(id) ?? []);

  function foldIn(mass: Extract<Mode, { kind: 'mass' }>, at: number): void {
    parts.say(massSignal('open', at, membersOf(mass.members), mass.note, specs.size));
    told = { size: mass.members.length, at };
    counted = new Set(mass.members);
    for (const spec of membersOf(mass.members)) {
      if (states.get(spec.id)?.state !== 'down') continue;
      const text = `counted in: ${mass.members.length} of ${specs.size} monitors fail at once`;
      parts.say({ ...monitorSignal(spec, 'close', at, null), text });
    }
  }

  /** What is down on its own now gets its own incident. */
  function unfold(mass: Extract<Mode, { kind: 'mass' }>, at: number): void {
    const left = membersOf(mass.members).filter(({ id }) => {
      const state = states.get(id);
      return state !== undefined && verdictOf(state) === 'down';
    });
    for (const spec of left) {
      parts.say(monitorSignal(spec, 'open', at, states.get(spec.id)?.lastReason ?? null));
    }
    const names = left.slice(0, 20).map((one) => one.name);
    const rest = left.length === 0 ? 'all of them recovered' : `still down: ${names.join(', ')}`;
    parts.say(massSignal('close', at, [], rest));
  }

  function judge(spec: MonitorSpec, given: Beat): void {
    const beat = mode.kind === 'blind' && excused(spec, given, mode) ? asUnknown(given, mode.reason) : given;
    const before = states.get(spec.id) ?? parts.fresh(spec, beat.scheduledAt);
    const stepped = step(before, beat, { downAfter: spec.downAfter, upAfter: spec.upAfter, gapMs: gapMs(spec) });
    states.set(spec.id, stepped.state);
    const { signal } = stepped;
    const withheld = signal === 'open' && mode.kind === 'mass';
    if (withheld && mode.kind === 'mass' && !counted.has(spec.id)) {
      counted.add(spec.id);
      mode.members.push(spec.id);
    }
    parts.judged(
      spec,
      beat,
      stepped,
      signal && !withheld ? monitorSignal(spec, signal, beat.finishedAt, beat.reason) : null,
    );
    if (beat.state === 'down' && mode.kind === 'calm' && stepped.state.streak?.state === 'down') count();
  }

  const timer = setInterval(() => {
    const at = now();
    if (mode.kind === 'mass') {
      if (mode.members.length > told.size && Math.abs(at - told.at) >= UPDATE_MS) {
        told = { size: mode.members.length, at };
        parts.say(massSignal('open', at, membersOf(mode.members), mode.note, specs.size));
      }
      count();
    }
    if ((mode.kind === 'mass' || mode.kind === 'blind') && (at >= mode.askAt || at < mode.askAt - 120_000)) ask();
  }, TICK_MS);
  timer.unref();

  return {
    set(monitors) {
      specs = new Map(monitors.map((spec) => [spec.id, spec]));
    },
    look(spec, beat) {
      if (mode.kind === 'checking') queue.push({ spec, beat });
      else judge(spec, beat);
    },
    async stop() {
      clearInterval(timer);
      await asking;
    },
  };
}

/** Only what got no answer at all can be our fault; a refusal is an answer, unless an address that was named says more. */
function excused(spec: MonitorSpec, beat: Beat, blind: Extract<Mode, { kind: 'blind' }>): boolean {
  if (beat.state !== 'down' || beat.code !== null || beat.latencyMs !== null) return false;
  return blind.loopbackToo || (!isLoopback(spec) && !/ECONNREFUSED|ECONNRESET/.test(beat.reason ?? ''));
}

function asUnknown(beat: Beat, reason: string): Beat {
  return { ...beat, state: 'unknown', reason: `our own network: ${reason}` };
}

function isLoopback({ look }: MonitorSpec): boolean {
  const host = 'url' in look ? new URL(look.url).hostname.replace(/^\[|\]$/g, '') : 'host' in look ? look.host : '';
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
