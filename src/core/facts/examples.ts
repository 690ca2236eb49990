import type { HttpFacts } from './http.ts';

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
