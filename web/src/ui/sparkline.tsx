import type { MonitorItem } from '../api/types.ts';
import classes from './sparkline.module.css';

const HEIGHT = 22;
const STEP = 4;

/** A day by the hour in two strokes: bars as high as the answers were slow, and full bars where it was down. */
export function Sparkline({ spark }: { spark: MonitorItem['spark'] }) {
  const { latencyMs, seen } = spark;
  const slowest = Math.max(1, ...latencyMs.map((value) => value ?? 0));
  const bar = (index: number, height: number) => `M${index * STEP} ${HEIGHT}v${-height}h${STEP - 1}v${height}z`;
  const of = (letter: string) => [...seen].map((one, index) => (one === letter ? bar(index, HEIGHT) : '')).join('');
  const answered = latencyMs
    .map((value, index) =>
      value === null || seen[index] === 'd' ? '' : bar(index, 3 + (value / slowest) * (HEIGHT - 5)),
    )
    .join('');
  const down = [...seen].filter((one) => one === 'd').length;
  const looked = [...seen].filter((one) => one !== '-').length;
  const said =
    looked === 0 ? 'no look in 24 hours' : down === 0 ? 'never down in 24 hours' : `down in ${down} of ${looked} hours`;
  return (
    <svg className={classes.spark} viewBox={`0 0 ${seen.length * STEP} ${HEIGHT}`} role="img" aria-label={said}>
      <path d={`M0 ${HEIGHT - 0.5}h${seen.length * STEP}`} className={classes.ground} />
      <path d={answered} className={classes.answered} />
      <path d={of('?')} className={classes.unknown} />
      <path d={of('d')} className={classes.down} />
    </svg>
  );
}
