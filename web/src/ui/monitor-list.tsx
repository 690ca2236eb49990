import { Anchor, Text } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { MonitorItem } from '../api/types.ts';
import { percent } from './grade.tsx';
import classes from './monitor-list.module.css';
import { Sparkline } from './sparkline.tsx';
import { StatusMark } from './status.tsx';
import { Time } from './time.tsx';

interface MonitorListProps {
  /** What is loaded, from the first on; the rest of `total` comes when it is scrolled to. */
  monitors: readonly MonitorItem[];
  total: number;
  /** Asks for the next page; does nothing while one is under way. */
  onMore(): void;
}

const ROW_PX = 46;
const OVERSCAN = 8;
export const MONITOR_MARK = { up: 'pass', down: 'fail', unknown: 'unknown' } as const;

/** Rows of which only those on the screen exist, however many there are. The page itself scrolls. */
export function MonitorList({ monitors, total, onMore }: MonitorListProps) {
  const list = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  const rows = useWindowVirtualizer({
    count: total,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= monitors.length && monitors.length < total) onMore();
  }, [last, monitors.length, total, onMore]);
  return (
    <table className={classes.table} aria-label="monitors" aria-rowcount={total + 1}>
      <thead className={classes.block}>
        <tr aria-rowindex={1} className={classes.head}>
          <th scope="col">monitor</th>
          <th scope="col">state</th>
          <th scope="col">a day by the hour</th>
          <th scope="col">{'24\u00a0h'}</th>
          <th scope="col">{'7\u00a0d'}</th>
          <th scope="col">{'30\u00a0d'}</th>
          <th scope="col">last answer</th>
        </tr>
      </thead>
      <tbody ref={list} className={classes.body} style={{ height: rows.getTotalSize() }}>
        {shown.map(({ index, start }) => (
          <tr
            key={monitors[index]?.id ?? index}
            aria-rowindex={index + 2}
            className={classes.row}
            style={{ transform: `translateY(${start - top}px)` }}
          >
            <Cells monitor={monitors[index]} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cells({ monitor }: { monitor: MonitorItem | undefined }) {
  if (!monitor) {
    return (
      <td>
        <Text span size="sm" c="dimmed">
          loading …
        </Text>
      </td>
    );
  }
  const { id, name, state, reason, uptime, spark, latencyMs, lastBeatAt } = monitor;
  return (
    <>
      <td className={classes.name}>
        <Anchor component={Link} href={`/monitors/${encodeURIComponent(id)}`} size="sm" title={name}>
          {name}
        </Anchor>
        {state !== 'up' && reason && (
          <Text size="xs" c="dimmed" truncate title={reason}>
            {reason}
          </Text>
        )}
      </td>
      <td>
        <StatusMark status={MONITOR_MARK[state]} label="" /> <span>{state}</span>
      </td>
      <td>
        <Sparkline spark={spark} />
      </td>
      <td>{share(uptime.day)}</td>
      <td>{share(uptime.week)}</td>
      <td>{share(uptime.month)}</td>
      <td>
        {latencyMs === null ? '–' : `${Math.round(latencyMs)} ms`}
        <Text size="xs" c="dimmed">
          <Time at={lastBeatAt} />
        </Text>
      </td>
    </>
  );
}

/** `–` where there was no look. */
export function share(value: number | null): string {
  return value === null ? '–' : percent(value);
}
