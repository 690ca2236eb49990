import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];
const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });

export function relative(at: number, now: number): string {
  const distance = at - now;
  if (Math.abs(distance) < 5_000) return 'now';
  const [unit, size] = STEPS.find(([, ms]) => Math.abs(distance) >= ms) ?? (['second', 1_000] as const);
  return format.format(Math.trunc(distance / size), unit);
}

/** The present, renewed every half minute, so that relative times stay true on a page that is left open. */
export function useNow(everyMs = 30_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** Relative, with the exact instant on hover. Takes RFC 3339 text as the API gives it. */
export function Time({ at }: { at: string | null | undefined }) {
  const now = useNow();
  if (!at) return <>never</>;
  const exact = new Date(at);
  return (
    <Tooltip label={exact.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' })} openDelay={300}>
      <time dateTime={at}>{relative(exact.getTime(), now)}</time>
    </Tooltip>
  );
}
