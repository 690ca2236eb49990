import type { Absence, Collected } from '../core/collected.ts';
import type { FactBundle } from '../core/facts/bundle.ts';
import type { FactKey } from '../core/facts/index.ts';
import type { Target } from '../core/target.ts';
import type { Earlier } from './carry-over.ts';

type Facts = FactBundle['facts'];

/** The first pause after a refusal; every further one is twice as long. */
const FIRST_PAUSE_MS = 10 * 60_000;
const LONGEST_PAUSE_MS = 6 * 3_600_000;

const HINT =
  "Put the auditor's address into fail2ban's ignoreip and, with OpenSSH 9.8 or newer, into PerSourcePenaltyExemptList";

/**
 * Marks what is missing as a possible ban where the server let us in before and now refuses or is silent: from outside a
 * ban looks like a server that is down. The mark is kept with the facts, so that a service that starts anew knows it.
 */
export function suspectBan(target: Target, facts: Facts, before: Earlier | undefined, now: number): Facts {
  if (!before || !speaksSsh(target, before)) return facts;
  const refused = refusal(facts);
  const last = lastAnswer(before);
  const known = banOf(before);
  if (!refused || (last === null && !known)) return facts;
  const tries = (known?.tries ?? 0) + 1;
  const until = now + Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
  const ban = { since: known?.since ?? now, tries, until };
  const when = last === null ? 'earlier' : `on ${time(last)}`;
  const reason = `possibly banned (or down): it answered ${when}, and now ${refused.reason}. It is left alone until ${time(until)}. ${HINT}`;
  return marked(facts, refused, { kind: refused.kind, reason, ban });
}

/** Why a target is not asked at all now: it refused, and its pause is not over. */
export function banPause(target: Target, before: Earlier | undefined, now: number): Absence | null {
  const ban = before && speaksSsh(target, before) ? banOf(before) : null;
  if (!ban || now >= ban.until) return null;
  const reason = `possibly banned (or down) since ${time(ban.since)}, tried ${ban.tries} time${ban.tries === 1 ? '' : 's'}: it is left alone until ${time(ban.until)}. ${HINT}`;
  return { kind: 'unreachable', reason, ban };
}

function speaksSsh(target: Target, before: Facts): boolean {
  if (target.kind === 'host') return target.transport === 'ssh';
  if (target.kind !== 'endpoint') return false;
  return target.protocol === 'ssh' || (target.protocol === 'auto' && before.sshd !== undefined && before.sshd.ok);
}

function inside(facts: Facts): Collected<unknown>[] {
  return Object.entries(facts).flatMap(([key, fact]) => (isInside(key as FactKey) && fact ? [fact] : []));
}

function isInside(key: FactKey): boolean {
  return key === 'login' || key === 'sshd' || key.startsWith('host.');
}

/** Why nothing at all came, where that is a refusal or silence. */
function refusal(facts: Facts): Absence | null {
  const all = inside(facts);
  if (all.some((fact) => fact.ok)) return null;
  for (const fact of all) {
    if (!fact.ok && (fact.absence.kind === 'unreachable' || fact.absence.kind === 'timeout')) return fact.absence;
  }
  return null;
}

function lastAnswer(before: Facts): number | null {
  const times = inside(before).flatMap((fact) => (fact.ok ? [fact.at] : []));
  return times.length === 0 ? null : Math.max(...times);
}

function banOf(before: Facts): Absence['ban'] | null {
  for (const fact of inside(before)) if (!fact.ok && fact.absence.ban) return fact.absence.ban;
  return null;
}

function marked(facts: Facts, refused: Absence, absence: Absence): Facts {
  const entries = Object.entries(facts).map(([key, fact]) =>
    isInside(key as FactKey) && fact && !fact.ok && fact.absence.reason === refused.reason
      ? [key, { ...fact, absence: { ...fact.absence, ...absence } }]
      : [key, fact],
  );
  return Object.fromEntries(entries) as Facts;
}

function time(at: number): string {
  return new Date(at).toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
}
