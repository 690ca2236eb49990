import type { Alerting, Allowance, ChannelConfig, Maintenance } from '../core/alerting.ts';
import { type AlertingInput, STANDARD_BUDGET } from './schema/alerting.ts';
import { WEEKDAYS } from './schema/leaf.ts';

const weekdayNumber = (day: (typeof WEEKDAYS)[number]) => WEEKDAYS.indexOf(day) + 1;

/** The `alerting` of all files as one, with maps turned into lists that carry their ids. */
export function resolveAlerting(parts: readonly AlertingInput[]): Alerting {
  const entries = <T>(pick: (part: AlertingInput) => Record<string, T> | undefined): [string, T][] =>
    parts.flatMap((part) => Object.entries(pick(part) ?? {}));
  const deadMan = parts.find((part) => part.deadMan)?.deadMan;
  return {
    channels: entries((part) => part.channels).flatMap(([id, channel]) =>
      Object.entries(channel).map(
        ([kind, settings]): ChannelConfig => ({ id, kind, settings: settings as ChannelConfig['settings'] }),
      ),
    ),
    people: entries((part) => part.people).map(([id, person]) => ({
      id,
      name: person.name ?? id,
      timeZone: person.timeZone ?? null,
      channels: person.channels,
    })),
    schedules: entries((part) => part.schedules).map(([id, schedule]) => ({
      id,
      timeZone: schedule.timeZone,
      layers: schedule.layers.map((layer) => ({
        people: layer.people,
        rotate: typeof layer.rotate === 'string' ? layer.rotate : { everyMs: layer.rotate.every },
        handoff: layer.handoff,
        from: layer.from,
        restrict: layer.restrict
          ? {
              start: layer.restrict.start,
              end: layer.restrict.end,
              weekdays: layer.restrict.weekdays?.map(weekdayNumber) ?? null,
            }
          : null,
      })),
      overrides: schedule.overrides,
    })),
    escalations: entries((part) => part.escalations).map(([id, escalation]) => ({
      id,
      steps: escalation.steps.map((step) => ({ afterMs: step.after, notify: step.notify })),
      repeat: escalation.repeat,
    })),
    routes: parts.flatMap((part) =>
      (part.routes ?? []).map((route) => ({
        match: route.match,
        escalation: route.escalation ?? null,
        channel: route.channel ?? null,
        groupBy: route.groupBy,
        groupWaitMs: route.groupWait,
        groupIntervalMs: route.groupInterval,
        repeatMs: route.repeat === 'never' ? null : route.repeat,
        continue: route.continue,
      })),
    ),
    inhibit: parts.flatMap((part) => part.inhibit ?? []),
    maintenance: parts.flatMap((part) => (part.maintenance ?? []).map(resolveMaintenance)),
    budget: resolveBudget(parts.find((part) => part.budget)?.budget ?? STANDARD_BUDGET),
    ...(deadMan === undefined ? {} : { deadMan: { url: deadMan.url, everyMs: deadMan.every } }),
  };
}

function resolveBudget(budget: NonNullable<AlertingInput['budget']>): NonNullable<Alerting['budget']> {
  const allowance = (given: (typeof budget)['perPerson']): Allowance | null =>
    given === 'unlimited' ? null : { messages: given.messages, perMs: given.per };
  return {
    perPerson: allowance(budget.perPerson),
    perChannel: allowance(budget.perChannel),
    digestEveryMs: budget.digestEvery,
  };
}

function resolveMaintenance(window: NonNullable<AlertingInput['maintenance']>[number]): Maintenance {
  const { match, timeZone } = window;
  if ('weekly' in window) return { match, timeZone, when: { type: 'weekly', ...window.weekly } };
  if ('cron' in window) {
    return { match, timeZone, when: { type: 'cron', cron: window.cron, durationMs: window.duration } };
  }
  return { match, timeZone, when: { type: 'once', from: window.from, to: window.to } };
}
