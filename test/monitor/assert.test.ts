import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BodyAssertion, HttpExpectation } from '../../src/core/monitor.ts';
import { failureOf, type Seen } from '../../src/monitor/assert.ts';
import { follow, parsePath } from '../../src/monitor/json-path.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const DAY = 86_400_000;
const none: HttpExpectation = { status: [], latencyBelowMs: null, body: [], certificateValidForMs: null };
const fine: Seen = {
  status: 200,
  latencyMs: 20,
  body: '{"db":"up"}',
  truncated: false,
  certificateNotAfter: NOW + 30 * DAY,
};
const judge = (expect: Partial<HttpExpectation>, seen: Partial<Seen> = {}): string | null =>
  failureOf({ ...none, ...expect }, { ...fine, ...seen }, NOW);
const json = (path: string, equals: Extract<BodyAssertion, { kind: 'jsonPath' }>['equals']): BodyAssertion[] => [
  { kind: 'jsonPath', path, equals },
];

describe('assertions', () => {
  it('holds when everything does', () => {
    const all = { status: [200], latencyBelowMs: 800, body: json('$.db', 'up'), certificateValidForMs: 14 * DAY };
    expect(judge(all)).toBeNull();
  });

  it.each<{ what: string; expected: Partial<HttpExpectation>; seen: Partial<Seen>; says: string }>([
    { what: 'a server error', expected: {}, seen: { status: 503 }, says: 'answered 503' },
    { what: 'a redirect', expected: {}, seen: { status: 301 }, says: 'answered 301 (redirects are not followed)' },
    { what: 'a status that is not listed', expected: { status: [204] }, seen: {}, says: 'answered 200' },
    { what: 'an answer at the limit', expected: { latencyBelowMs: 20 }, seen: {}, says: 'took 20 ms, not below 20 ms' },
    {
      what: 'a latency that is no number',
      expected: { latencyBelowMs: 20 },
      seen: { latencyMs: Number.NaN },
      says: 'took',
    },
    {
      what: 'a missing word',
      expected: { body: [{ kind: 'contains', text: 'ok' }] },
      seen: {},
      says: 'does not contain "ok"',
    },
    { what: 'a missing path', expected: { body: json('$.cache', 'up') }, seen: {}, says: '$.cache is not there' },
    {
      what: 'a path through a text',
      expected: { body: json('$.db.state', 'up') },
      seen: {},
      says: '$.db.state is not there',
    },
    {
      what: 'an inherited name',
      expected: { body: json('$.toString', 'up') },
      seen: {},
      says: '$.toString is not there',
    },
    {
      what: 'another type',
      expected: { body: json('$.n', '1') },
      seen: { body: '{"n":1}' },
      says: '$.n is 1, not "1"',
    },
    {
      what: 'null for zero',
      expected: { body: json('$.n', 0) },
      seen: { body: '{"n":null}' },
      says: '$.n is null, not 0',
    },
    { what: 'no JSON', expected: { body: json('$.db', 'up') }, seen: { body: '<html>' }, says: 'the body is not JSON' },
    { what: 'half a body', expected: { body: json('$.db', 'up') }, seen: { truncated: true }, says: 'too long' },
    {
      what: 'a path to many values',
      expected: { body: json('$..db', 'up') },
      seen: {},
      says: 'not a path to one value',
    },
    {
      what: 'a certificate that ends soon',
      expected: { certificateValidForMs: 31 * DAY },
      seen: {},
      says: 'valid for 30d more, not for 31d',
    },
    {
      what: 'no certificate',
      expected: { certificateValidForMs: 0 },
      seen: { certificateNotAfter: null },
      says: 'no certificate',
    },
  ])('fails at $what', ({ expected, seen, says }) => {
    expect(judge(expected, seen)).toContain(says);
  });

  it('takes NaN latency for slow', () => {
    expect(judge({ latencyBelowMs: 1e9 }, { latencyMs: Number.NaN })).not.toBeNull();
  });
});

describe('JSON paths', () => {
  it('reads names, quoted names and indexes', () => {
    const document = { db: { 'is up': [true, { "it's": 1 }] } };
    expect(follow(document, "$.db['is up'][0]")).toEqual({ found: true, value: true });
    expect(follow(document, "$.db[\"is up\"][1]['it\\'s']")).toEqual({ found: true, value: 1 });
    expect(follow(document, '$')).toEqual({ found: true, value: document });
  });

  it('finds whatever is there, by its own path', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'small' }), (document) => {
        const walk = (value: unknown, path: string): void => {
          expect(follow(document, path)).toEqual({ found: true, value });
          if (Array.isArray(value)) for (const [index, one] of value.entries()) walk(one, `${path}[${index}]`);
          else if (typeof value === 'object' && value !== null) {
            for (const [name, one] of Object.entries(value)) {
              walk(one, `${path}['${name.replace(/[\\']/g, '\\$&')}']`);
            }
          }
        };
        walk(document, '$');
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const steps = parsePath(`$${text}`);
        expect(steps === undefined || Array.isArray(steps)).toBe(true);
      }),
    );
  });
});
