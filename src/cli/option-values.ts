import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../core/duration.ts';
import { SEVERITIES, type Severity } from '../core/severity.ts';
import { didYouMean } from '../core/suggest.ts';

/** Flags and description of the option that several verbs share. */
export const CONFIG_OPTION = ['--config <file>', 'configuration file or folder (default: ./seaworthy.yaml)'] as const;

/** Parsers of option values; commander prints what they throw and the exit code is that of wrong usage. */

export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0) throw new InvalidArgumentError('write a number and a unit, such as 60s or 5m.');
  return ms;
}

export function severity(text: string): Severity | 'none' {
  return oneOf(text, [...SEVERITIES.filter((one) => one !== 'info'), 'info', 'none'] as const);
}

export function oneOf<const T extends string>(text: string, values: readonly T[]): T {
  const found = values.find((value) => value === text);
  if (found === undefined) {
    throw new InvalidArgumentError(`it is one of ${values.join(', ')}${didYouMean(text, values).replace(/^; /, '. ')}`);
  }
  return found;
}

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most))
      throw new InvalidArgumentError(`write a whole number from ${least} to ${most}.`);
    return value;
  };
}

/** `--only a,b --only c` as one list. */
export function words(text: string, before: string[] = []): string[] {
  return [
    ...before,
    ...text
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ];
}
