import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScanner } from '../../src/secrets/engine.ts';
import { RULES } from '../../src/secrets/rules/index.ts';
import { sameStretches } from '../../src/secrets/same.ts';
import { sample } from '../../src/secrets/sample.ts';
import { regexSpan } from '../../src/secrets/span.ts';

const scanner = createScanner(RULES);

/** Pieces of which files are made here: code, secrets, encoded secrets, keys that reach far. */
const secrets = RULES.flatMap((rule) => rule.examples.true);
const encoded = secrets
  .slice(0, 60)
  .flatMap((text) => [
    `data: ${Buffer.from(`settings\n${text}\n`).toString('base64')}`,
    `hex = "${Buffer.from(`settings: ${text}`).toString('hex')}"`,
    `next=${encodeURIComponent(`a=b&${text}`)}`,
  ]);
const code = Array.from(
  { length: 40 },
  (_, n) => `function f${n}(a, b) { return a * ${n} + b; } // ${sample(30, 'lower', n)}`,
);
const piece = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...code) },
  { weight: 2, arbitrary: fc.constantFrom(...secrets) },
  { weight: 1, arbitrary: fc.constantFrom(...encoded) },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 3_000 }).map((n) => 'x = 1;\n'.repeat(n / 7)) },
);
const file = fc.array(piece, { minLength: 5, maxLength: 80 });
const edits = fc.array(
  fc.record({ at: fc.nat(80), remove: fc.nat(3), put: fc.array(piece, { maxLength: 2 }), cut: fc.nat(40) }),
  { minLength: 1, maxLength: 4 },
);

describe('a scan of a version whose forerunner is known', () => {
  it('finds the same as a scan of the whole', () => {
    fc.assert(
      fc.property(file, edits, (lines, changes) => {
        const before = Buffer.from(lines.join('\n'));
        const edited = [...lines];
        for (const { at, remove, put, cut } of changes) {
          edited.splice(at % edited.length, remove, ...put);
          const spot = at % Math.max(1, edited.length);
          edited[spot] = (edited[spot] ?? '').slice(cut);
        }
        const now = Buffer.from(edited.join('\n'));
        const { state } = scanner.scan(before);
        const quick = scanner.scan(now, { previous: state });
        const whole = scanner.scan(now);
        const told = ({ matches }: typeof whole) =>
          matches.map(({ rule, secret, start, line }) => `${start} ${line} ${rule.id} ${secret}`).sort();
        expect(told(quick)).toEqual(told(whole));
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('knows stretches as the same only where they are', () => {
    const bytes = fc.array(fc.constantFrom('aaaa', 'bb', 'c', sample(40), sample(900)), { maxLength: 40 });
    fc.assert(
      fc.property(bytes, bytes, bytes, (head, one, other) => {
        const before = Buffer.from([...head, ...one, ...head].join(''));
        const now = Buffer.from([...head, ...other, ...head].join(''));
        let reached = 0;
        for (const same of sameStretches(before, now)) {
          expect(same.now).toBeGreaterThanOrEqual(reached);
          reached = same.now + same.length;
          expect(now.subarray(same.now, reached).equals(before.subarray(same.before, same.before + same.length))).toBe(
            true,
          );
        }
        expect(reached).toBeLessThanOrEqual(now.length);
        expect(sameStretches(now, now)).toEqual(now.length === 0 ? [] : [{ before: 0, now: 0, length: now.length }]);
      }),
    );
  });

  it('may rely on how far rules look: ahead by their own measure, back by 128 characters', () => {
    expect(regexSpan('(a|bcd){2,5}x?[^\\]]{3}(?=yy)(?<!z)')).toBe(15 + 1 + 3 + 2 + 1);
    expect(regexSpan('a*b')).toBe(Number.POSITIVE_INFINITY);
    expect(regexSpan('\\u{1F600}\\x41\\p{L}{2}')).toBe(4);
    for (const rule of RULES) {
      expect(regexSpan(rule.regex.source), rule.id).toBeLessThan(200_000);
      for (const [, behind = ''] of rule.regex.source.matchAll(/\(\?<[=!]((?:\((?:[^()]|\\.)*\)|[^()]|\\.)*)\)/g))
        expect(regexSpan(behind), rule.id).toBeLessThan(128);
    }
  });
});
