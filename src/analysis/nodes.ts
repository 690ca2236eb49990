import type { HttpFailureFact } from '../core/facts/http.ts';
import { type Outcome, type Outcomes, outcomesOr, unknown } from '../core/outcome.ts';

/** One node of an endpoint: the facts that a check judges, or why there are none. */
export type Node<T> = { address: string; facts: T } | { address: string; failure: HttpFailureFact };

/**
 * Judges every node by itself and says once what all of them agree on. Where they differ, each outcome carries its
 * address, so that one stale node is a finding on that node. A node that gave no answer is `unknown` beside the others;
 * one that there is no way to from here (no IPv6, say) is left to `headers.address-consistency`, which says so once.
 */
export function onEveryNode<T>(nodes: readonly Node<T>[], judge: (facts: T) => Outcomes): Outcomes {
  const looked = nodes.flatMap((node) =>
    'facts' in node ? [{ address: node.address, outcomes: [judge(node.facts)].flat() }] : [],
  );
  const [first] = looked;
  if (!first) return unknown('', 'no address was looked at');
  const silent = nodes.flatMap((node) => ('failure' in node && node.failure.kind !== 'no-route' ? [node] : []));
  if (looked.length === 1 && silent.length === 0) return outcomesOr(first.outcomes, unknown('', 'nothing was judged'));
  const sets = looked.map(({ outcomes }) => new Set(outcomes.map(verdict)));
  const everywhere = (outcome: Outcome) => sets.every((set) => set.has(verdict(outcome)));
  const outcomes: Outcome[] = first.outcomes.filter(everywhere);
  for (const { address, outcomes: own } of looked)
    outcomes.push(...own.filter((outcome) => !everywhere(outcome)).map((outcome) => at(outcome, address)));
  for (const { address, failure } of silent)
    outcomes.push(unknown(address, `could not look: ${failure.error}`, { details: { address } }));
  return outcomesOr(outcomes, unknown('', 'nothing was judged'));
}

/** What must be equal for two outcomes to be one. Evidence may differ: nonces and dates do, in every answer. */
function verdict(outcome: Outcome): string {
  const severity = outcome.status === 'fail' ? (outcome.severity ?? '') : '';
  return JSON.stringify([outcome.status, outcome.subject, outcome.identity ?? '', severity, outcome.message]);
}

function at(outcome: Outcome, address: string): Outcome {
  const named = (thing: string) => (thing === '' ? address : `${thing} at ${address}`);
  return {
    ...outcome,
    subject: named(outcome.subject),
    details: { ...outcome.details, address },
    ...(outcome.identity === undefined ? {} : { identity: named(outcome.identity) }),
  };
}
