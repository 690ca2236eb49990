import type { Strength } from '../../../src/core/tls-picture.ts';
import classes from './mark.module.css';

/** Shape first, colour second. */
const SHAPES: Record<Strength, { path: string; label: string }> = {
  good: { path: 'M2.5 7.5 L5.5 10.5 L11.5 3.5', label: 'strong' },
  old: { path: 'M7 2.5 L7 8 M7 11 L7 11.3', label: 'out of date' },
  weak: { path: 'M3 3 L11 11 M11 3 L3 11', label: 'weak' },
};

/** How strong something is. `label` where it is said beside it already: empty. */
export function StrengthMark({ strength, label }: { strength: Strength; label?: string }) {
  const said = label ?? SHAPES[strength].label;
  return (
    <svg
      className={classes.mark}
      data-strength={strength}
      width={12}
      height={12}
      viewBox="0 0 14 14"
      role="img"
      aria-label={said}
      aria-hidden={said === ''}
    >
      {said !== '' && <title>{said}</title>}
      <path d={SHAPES[strength].path} fill="none" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
