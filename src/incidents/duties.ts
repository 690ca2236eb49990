import type { Alerting } from '../core/alerting.ts';
import { shiftsBetween, type Takeover } from './oncall.ts';

/** A stretch in which somebody is on call. Epoch ms. */
export interface DutySpan {
  schedule: string;
  person: string;
  from: number;
  to: number;
}

/** Who is on call in `[from, to)`: of one schedule, or of one person over all of them. `null`: there is no such thing. */
export function dutiesOf(
  what: { schedule: string } | { person: string },
  { schedules, people }: Pick<Alerting, 'schedules' | 'people'>,
  from: number,
  to: number,
  takeovers: readonly Takeover[],
): DutySpan[] | null {
  const wanted = 'schedule' in what ? schedules.filter(({ id }) => id === what.schedule) : schedules;
  if ('schedule' in what && wanted.length === 0) return null;
  if ('person' in what && !people.some(({ id }) => id === what.person)) return null;
  return wanted.flatMap((schedule) =>
    shiftsBetween(schedule, from, to, takeovers).flatMap((shift) => {
      const person = shift.duty?.person;
      if (person === undefined || ('person' in what && person !== what.person)) return [];
      return [{ schedule: schedule.id, person, from: shift.from, to: shift.to }];
    }),
  );
}
