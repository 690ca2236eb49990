import { AppError } from '../core/error.ts';
import { onCallAt, shiftsBetween } from '../incidents/oncall.ts';
import { padTo } from '../report/terminal-text.ts';
import { instant, showInstant } from './at-option.ts';
import { CONFIG_OPTION, findConfig } from './find-config.ts';
import type { Define } from './verbs.ts';

const AHEAD_MS = 31 * 86_400_000;

export const define: Define = (command, io) => {
  command
    .option(...CONFIG_OPTION)
    .option('--at <time>', 'then instead of now, such as 2026-12-24T09:00Z', instant)
    .action(async ({ config: named, at = io.now() }: { config?: string; at?: number }) => {
      const { alerting } = findConfig(named, io, { purpose: 'serve', quiet: true });
      if (!alerting || alerting.schedules.length === 0) {
        throw new AppError('no-schedule', 'the configuration has no on-call schedule', {
          hint: 'write one under alerting.schedules',
        });
      }
      const nameOf = (id: string) => alerting.people.find((person) => person.id === id)?.name ?? id;
      const lines = alerting.schedules.map((schedule) => {
        const duty = onCallAt(schedule, at);
        const until = shiftsBetween(schedule, at, at + AHEAD_MS)[0]?.to;
        const end = until === undefined || until >= at + AHEAD_MS ? '' : `until ${showInstant(until)}`;
        const who = duty === null ? 'nobody' : nameOf(duty.person);
        const why = duty === null ? '' : duty.via === 'override' ? 'override' : `layer ${duty.layer}`;
        return `${padTo(schedule.id, 16)} ${padTo(who, 16)} ${padTo(why, 9)} ${end}`.trimEnd();
      });
      await io.out(lines.map((line) => `${line}\n`).join(''));
    });
};
