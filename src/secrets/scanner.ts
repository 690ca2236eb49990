import { createScanner, type Scanner } from './engine.ts';
import { RULES } from './rules/index.ts';

let made: Scanner | undefined;

/** The scanner with every rule, made when first asked for: its table takes some milliseconds. */
export function fullScanner(): Scanner {
  made ??= createScanner(RULES);
  return made;
}
