import type { HttpFacts } from './http.ts';
import type { RepositoryFacts } from './repository.ts';

/** Builders of small facts for the examples of checks: one line says what matters, the rest is plain. */

/** A page at https://shop.example/ with these headers (a list where one comes twice) and body. */
export function exampleHttp(headers: Record<string, string | string[]>, more: Partial<HttpFacts> = {}): HttpFacts {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  return {
    hops: [{ url: 'https://shop.example/', status: 200, headers: lines }],
    body: '<!doctype html><title>Shop</title>',
    bodyTruncated: false,
    ...more,
  };
}

/** A GitHub workflow with this text. */
export function exampleWorkflow(text: string): RepositoryFacts['workflows'][number] {
  return { path: '.github/workflows/verify.yml', system: 'github', text };
}
