import { Tooltip } from '@mantine/core';
import type { OnCallScheduleView } from '../api/types.ts';
import classes from './shift-weeks.module.css';

interface ShiftWeeksProps {
  shifts: OnCallScheduleView['shifts'];
  names: ReadonlyMap<string, string>;
  /** First instant of each week, epoch ms. */
  weeks: readonly number[];
  now: number;
}

const WEEK = 7 * 86_400_000;
const COLOURS = 6;
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
const instant = new Intl.DateTimeFormat('en', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});

/** One row per week, each shift as wide as it is long; gaps are hatched and say so. */
export function ShiftWeeks({ shifts, names, weeks, now }: ShiftWeeksProps) {
  const people = [...new Set(shifts.flatMap(({ person }) => person ?? []))].sort();
  return (
    <div className={classes.weeks}>
      {weeks.map((start) => (
        <div key={start} className={classes.week}>
          <span className={classes.date}>{day.format(start)}</span>
          <ul className={classes.shifts}>
            {shifts.flatMap((shift) => {
              const from = Math.max(Date.parse(shift.from), start);
              const to = Math.min(Date.parse(shift.to), start + WEEK);
              if (from >= to) return [];
              const who = shift.person === null ? 'nobody' : (names.get(shift.person) ?? shift.person);
              const said = `${who}${shift.via === 'override' ? ' (override)' : ''}, ${instant.format(Date.parse(shift.from))} – ${instant.format(Date.parse(shift.to))}`;
              return (
                <Tooltip key={shift.from} label={said}>
                  <li
                    className={classes.shift}
                    aria-label={said}
                    data-gap={shift.person === null}
                    data-override={shift.via === 'override'}
                    data-colour={shift.person === null ? undefined : people.indexOf(shift.person) % COLOURS}
                    style={{ left: `${((from - start) / WEEK) * 100}%`, width: `${((to - from) / WEEK) * 100}%` }}
                  >
                    {who}
                  </li>
                </Tooltip>
              );
            })}
            {now >= start && now < start + WEEK && (
              <li className={classes.now} aria-label="now" style={{ left: `${((now - start) / WEEK) * 100}%` }} />
            )}
          </ul>
        </div>
      ))}
    </div>
  );
}
