import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../checks/index.ts';
import { onEveryNode } from '../../src/analysis/nodes.ts';
import { exampleFailure } from '../../src/core/facts/examples.ts';
import { type HttpFacts, httpFacts } from '../../src/core/facts/http.ts';
import { worstStatus } from '../../src/core/finding.ts';
import { fail, type Outcome, pass } from '../../src/core/outcome.ts';
import { exampleTarget } from '../support/targets.ts';

const NOW = Date.parse('2026-11-01T00:00:00Z');
const STALE = '[2001:db8::2]:443';
const CHECKS_OF_THE_PAGE = CHECKS.filter(
  (check) => check.category === 'headers' && check.id !== 'headers.address-consistency',
);

/** The facts of a passing example at one address, those of a failing one at another. */
function two(check: (typeof CHECKS)[number]) {
  const example = (status: string) => check.examples.find((one) => one.status === status && one.options === undefined);
  const [good, bad] = [example('pass'), example('fail')];
  if (!good?.facts.http || !bad?.facts.http) throw new Error(`${check.id} has no examples`);
  return { good: good.facts.http, bad: bad.facts.http };
}

function judge(check: (typeof CHECKS)[number], http: HttpFacts): Outcome[] {
  const options = check.options.parse({});
  return [check.evaluate({ http }, { now: NOW, options, target: exampleTarget(check) })].flat();
}

describe.each(CHECKS_OF_THE_PAGE.map((check) => ({ id: check.id, check })))(
  '$id over several addresses',
  ({ check }) => {
    it('finds the one node that is behind, and no other', () => {
      const { good, bad } = two(check);
      const others = [
        { address: '192.0.2.9:443', view: good },
        { address: STALE, view: bad },
      ];
      const outcomes = judge(check, httpFacts.parse({ ...good, others }));
      const failing = outcomes.filter(({ status }) => status === 'fail');
      expect(failing.length).toBeGreaterThan(0);
      for (const { subject, details } of failing) {
        expect(subject.endsWith(STALE), subject).toBe(true);
        expect(details).toMatchObject({ address: STALE });
      }
      expect(failing.length).toBe(judge(check, bad).filter(({ status }) => status === 'fail').length);
    });

    it('says once what all nodes have in common', () => {
      const { good, bad } = two(check);
      for (const http of [good, bad]) {
        const others = ['192.0.2.2:443', '192.0.2.3:443'].map((address) => ({
          address,
          view: { ...http, body: null },
        }));
        expect(judge(check, { ...http, others })).toEqual(judge(check, http));
      }
    });

    it('does not pass while a node gives no answer', () => {
      const { good } = two(check);
      const others = [{ address: STALE, failure: exampleFailure('https://shop.example/', 'timeout', 'no answer') }];
      expect(worstStatus(judge(check, { ...good, others }).map(({ status }) => status))).toBe('unknown');
    });

    it('judges facts of the time when one address was looked at', () => {
      const { good } = two(check);
      const { address: _, others: __, ...old } = good;
      expect(judge(check, httpFacts.parse(old))).toEqual(judge(check, good));
    });
  },
);

describe('onEveryNode', () => {
  const at = (address: string, facts: string) => ({ address, facts });

  it('takes evidence that changes with every answer for the same', () => {
    let seen = 0;
    const outcomes = onEveryNode([at('a', ''), at('b', '')], () => {
      seen += 1;
      return fail('x', 'bad', { seen: `nonce ${seen}` });
    });
    expect(outcomes).toEqual([fail('x', 'bad', { seen: 'nonce 1' })]);
  });

  it('keeps the identity of each node apart, so that two stale nodes are two findings', () => {
    const outcomes = onEveryNode([at('a', 'old'), at('b', 'new'), at('c', 'old')], (facts) =>
      facts === 'old' ? fail('x', 'old', { identity: 'line' }) : pass('new'),
    );
    expect([outcomes].flat().map(({ subject, identity }) => [subject, identity])).toEqual([
      ['x at a', 'line at a'],
      ['b', undefined],
      ['x at c', 'line at c'],
    ]);
  });

  it('is silent about an address that there is no way to: another check says so once', () => {
    const failure = exampleFailure('https://shop.example/', 'no-route', 'no route to the network');
    expect(onEveryNode([at('a', ''), { address: 'b', failure }], () => pass('fine'))).toEqual([pass('fine')]);
  });
});
