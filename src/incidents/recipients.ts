import type { Alerting, Escalation, NotifyTarget } from '../core/alerting.ts';
import { onCallAt, type Takeover } from './oncall.ts';

/** Channels to send to, and why some of those who were meant get nothing. */
export interface Recipients {
  channels: string[];
  /** Who that is, for people: `ana (on call in primary) by pager`. */
  who: string[];
  /** One line for each that leads nowhere. */
  missing: string[];
}

/** Who a step reaches at an instant. Nothing is ever thrown: a name that leads nowhere is said in `missing`. */
export function recipientsOf(
  notify: readonly NotifyTarget[],
  alerting: Pick<Alerting, 'channels' | 'people' | 'schedules'>,
  at: number,
  takeovers: readonly Takeover[],
): Recipients {
  const found: Recipients = { channels: [], who: [], missing: [] };
  const addChannel = (id: string, who: string): void => {
    if (!alerting.channels.some((channel) => channel.id === id)) {
      found.missing.push(`${who}: there is no channel "${id}"`);
    } else if (!found.channels.includes(id)) {
      found.channels.push(id);
      found.who.push(who === id ? id : `${who} by ${id}`);
    }
  };
  const addPerson = (id: string, why: string): void => {
    const person = alerting.people.find((one) => one.id === id);
    if (!person) found.missing.push(`${why}: there is no person "${id}"`);
    else if (person.channels.length === 0) found.missing.push(`${person.name} has no channel`);
    else for (const channel of person.channels) addChannel(channel, `${person.name}${why}`);
  };
  for (const { type, id } of notify) {
    if (type === 'channel') addChannel(id, id);
    else if (type === 'person') addPerson(id, '');
    else {
      const schedule = alerting.schedules.find((one) => one.id === id);
      const duty = schedule && onCallAt(schedule, at, takeovers);
      if (!schedule) found.missing.push(`there is no schedule "${id}"`);
      else if (!duty) found.missing.push(`nobody is on call in ${id}`);
      else addPerson(duty.person, ` (on call in ${id})`);
    }
  }
  return found;
}

/** One step of an escalation with all its repeats laid end to end. `afterMs` counts from the start of the policy. */
export interface LaidStep {
  /** Place among the policy's steps, from 1. */
  step: number;
  /** 0 for the first run. */
  cycle: number;
  afterMs: number;
  notify: readonly NotifyTarget[];
}

/** Least wait before a policy is run again, where its steps name none. */
const CYCLE_PAUSE_MS = 300_000;

/** A run begins again after the wait of its first step or, where that is zero, after its longest wait (at least 5 minutes). */
export function layOut(escalation: Escalation): LaidStep[] {
  const pause = escalation.steps[0]?.afterMs || Math.max(CYCLE_PAUSE_MS, ...escalation.steps.map((one) => one.afterMs));
  const laid: LaidStep[] = [];
  let at = escalation.steps[0]?.afterMs ?? 0;
  for (let cycle = 0; cycle <= escalation.repeat; cycle += 1) {
    for (const [index, { afterMs, notify }] of escalation.steps.entries()) {
      if (laid.length > 0) at += index === 0 ? pause : afterMs;
      laid.push({ step: index + 1, cycle, afterMs: at, notify });
    }
  }
  return laid;
}
