import { Tooltip } from '@mantine/core';
import classes from './grade.module.css';

interface GradeProps {
  grade: string | null;
  score: number | null;
  coverage: number;
  size?: 'cell' | 'large';
}

/** A grade as a tile. The letter says it; the tint repeats it; a dash means that too little could be looked at. */
export function Grade({ grade, score, coverage, size = 'cell' }: GradeProps) {
  const label = grade
    ? `${grade}, ${score} of 100, coverage ${percent(coverage)}`
    : `no grade: only ${percent(coverage)} could be looked at`;
  return (
    <Tooltip label={label} openDelay={300}>
      <span className={classes.tile} data-letter={grade?.[0] ?? 'none'} data-size={size} role="img" aria-label={label}>
        <b>{grade ?? '–'}</b>
        {score !== null && <small>{score}</small>}
        {coverage < 0.995 && <i className={classes.coverage} aria-hidden="true" />}
      </span>
    </Tooltip>
  );
}

export function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`;
}

/** Whether anything of it was asked at all: without a score and with nothing left unseen, no check applied. */
export function applies(score: { score: number | null; coverage: number }): boolean {
  return score.score !== null || score.coverage < 1;
}
