import { type Check, type CheckParts, defineCheck, type noOptions } from '../core/check.ts';
import type { HttpFacts } from '../core/facts/http.ts';
import { type Node, onEveryNode } from './nodes.ts';

const read = new WeakMap<HttpFacts, readonly Node<HttpFacts>[]>();

/** Every node of the endpoint as facts of its own, made once per fact. */
export function httpNodes(http: HttpFacts): readonly Node<HttpFacts>[] {
  const known = read.get(http);
  if (known) return known;
  const nodes = [
    { address: http.address ?? '', facts: http },
    ...http.others.map((node): Node<HttpFacts> => {
      if ('failure' in node) return node;
      const { address, view } = node;
      return { address, facts: { ...view, body: view.body ?? http.body, address, others: [] } };
    }),
  ];
  read.set(http, nodes);
  return nodes;
}

/** Defines a check of what an endpoint answers. It is written for one node and judges every one (see `onEveryNode`). */
export function defineHttpCheck<S extends Check['options'] = typeof noOptions>(
  check: Omit<CheckParts<'http', never, S>, 'needs'>,
): Check {
  return defineCheck<'http', never, S>({
    ...check,
    needs: ['http'],
    evaluate: ({ http }, context) => onEveryNode(httpNodes(http), (node) => check.evaluate({ http: node }, context)),
  });
}
