import { describe, expect, it } from 'vitest';
import { createScanner } from '../../src/secrets/engine.ts';
import { RULES } from '../../src/secrets/rules/index.ts';

describe.each(RULES.map((rule) => ({ id: rule.id, rule })))('$id', ({ rule }) => {
  const alone = createScanner([rule]);

  it('finds what it is for', () => {
    for (const text of rule.examples.true) {
      expect(
        alone.scan(Buffer.from(text)).matches.map((one) => one.rule.id),
        text,
      ).toContain(rule.id);
    }
  });

  it('leaves alone what looks like it', () => {
    for (const text of rule.examples.false) {
      expect(
        alone.scan(Buffer.from(text)).matches.map((one) => one.secret),
        text,
      ).toEqual([]);
    }
  });

  it('is anchored and bounded', () => {
    expect(rule.regex.sticky).toBe(true);
    expect(rule.regex.global).toBe(false);
    // Classes may hold the signs of repetition; what remains may not: no `*`, no `+`, no `{n,}`.
    const bare = rule.regex.source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
    expect(bare).not.toMatch(/[*+]|\{\d+,\}/);
    for (const word of rule.keywords) expect(word.length, word).toBeGreaterThanOrEqual(2);
  });
});

describe('the rules', () => {
  it('have names of their own', () => {
    const ids = RULES.map((rule) => rule.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+$/);
    expect(RULES.length).toBeGreaterThanOrEqual(150);
  });

  it('do not hide each other: an example is found by its own rule among all', () => {
    const all = createScanner(RULES);
    const missed = RULES.filter((rule) => rule.kind === 'format').flatMap((rule) =>
      rule.examples.true
        .filter((text) => all.scan(Buffer.from(text)).matches.length === 0)
        .map((text) => `${rule.id}: ${text}`),
    );
    expect(missed).toEqual([]);
  });
});
