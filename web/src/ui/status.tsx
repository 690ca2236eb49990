import { Box, Text } from '@mantine/core';
import type { Status } from '../../../src/core/finding.ts';
import type { Severity } from '../../../src/core/severity.ts';
import classes from './status.module.css';

interface StatusMarkProps {
  status: Status;
  size?: number;
  /** What the shape means here; empty where a word beside it says so. */
  label?: string;
}

/** Shape first, colour second: a status can be read without colour. */
const SHAPES: Record<Status, { path: string; label: string }> = {
  fail: { path: 'M3 3 L11 11 M11 3 L3 11', label: 'fails' },
  unknown: { path: 'M4.5 5 A2.5 2.5 0 1 1 7 7.6 L7 8.6 M7 11 L7 11.4', label: 'unknown' },
  waived: { path: 'M2 7 L12 7 M9 4 L12 7 L9 10', label: 'waived' },
  pass: { path: 'M2.5 7.5 L5.5 10.5 L11.5 3.5', label: 'passes' },
  'not-applicable': { path: 'M4 7 L10 7', label: 'not applicable' },
};

export function StatusMark({ status, size = 14, label }: StatusMarkProps) {
  const shape = SHAPES[status];
  const said = label ?? shape.label;
  return (
    <svg
      className={classes.mark}
      data-status={status}
      width={size}
      height={size}
      viewBox="0 0 14 14"
      role="img"
      aria-label={said}
      aria-hidden={said === ''}
    >
      {said !== '' && <title>{said}</title>}
      <path d={shape.path} fill="none" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

/** Filled bars, one more for each step of severity. */
export function SeverityMark({ severity }: { severity: Severity }) {
  const level = { info: 0, low: 1, medium: 2, high: 3, critical: 4 }[severity];
  return (
    <Box component="span" className={classes.severity} data-severity={severity}>
      <svg width="18" height="12" viewBox="0 0 18 12" aria-hidden="true">
        {[1, 2, 3, 4].map((bar) => (
          <rect
            key={bar}
            x={(bar - 1) * 4.5}
            y={10 - bar * 2.5}
            width="3"
            height={bar * 2.5 + 1}
            data-on={bar <= level}
            rx="0.5"
          />
        ))}
      </svg>
      <Text span size="xs">
        {severity}
      </Text>
    </Box>
  );
}
