import { describe, expect, it } from 'vitest';
import { CHECKS } from '../checks/index.ts';
import { FACTS, type FactKey } from '../src/core/facts/index.ts';
import { worstStatus } from '../src/core/finding.ts';
import type { Outcome } from '../src/core/outcome.ts';
import { compareSeverity } from '../src/core/severity.ts';
import { exampleTarget } from './support/targets.ts';

const NOW = Date.parse('2026-11-01T00:00:00Z');

describe.each(CHECKS.map((check) => ({ id: check.id, check })))('$id', ({ check }) => {
  it.each(check.examples.map((example) => ({ name: example.name, example })))('$name', ({ example }) => {
    for (const [key, value] of Object.entries(example.facts)) {
      expect(
        FACTS[key as FactKey].safeParse(value).error,
        `the example's fact "${key}" fits its schema`,
      ).toBeUndefined();
    }
    const outcomes = [
      check.evaluate(example.facts, {
        now: example.now ?? NOW,
        options: check.options.parse(example.options ?? {}),
        target: exampleTarget(check, example.target),
      }),
    ].flat() as Outcome[];
    const status = worstStatus(outcomes.map((outcome) => outcome.status));
    expect(status, JSON.stringify(outcomes, null, 1)).toBe(example.status);
    const deciding = outcomes.filter((outcome) => outcome.status === status);
    if (example.subjects)
      expect(deciding.map((outcome) => outcome.subject).sort()).toEqual([...example.subjects].sort());
    if (example.severity) {
      const severities = deciding.map((outcome) => (outcome.status === 'fail' && outcome.severity) || check.severity);
      expect(severities.sort(compareSeverity)[0]).toBe(example.severity);
    }
  });
});

describe('the register', () => {
  it('has every check once, under its category', () => {
    const ids = CHECKS.map((check) => check.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const check of CHECKS) expect(check.id.split('.')[0]).toBe(check.category);
  });

  it('needs no option to be given', () => {
    for (const check of CHECKS) expect(check.options.safeParse({}).success, check.id).toBe(true);
  });
});
