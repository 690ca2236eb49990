import type { Scanner } from '../../src/secrets/engine.ts';
import type { Rule } from '../../src/secrets/rule.ts';

/** How an example stands in a file of others: between its lines, in one of its comments, in a very long line. */
const PLACES: readonly ((host: string, text: string) => string)[] = [
  (host, text) => `${host}\n${text}\n${host}`,
  (host, text) => `${host}\n/*\n * ${text}\n */\n${host}`,
  (host, text) => `${host.replaceAll(/[\r\n]/g, ' ')};\n${text}\n;${host.replaceAll(/[\r\n]/g, ' ')}`,
];

/** Of the examples of the rules of one kind, planted in files of real packages, how many are found, and how many there are. */
export function plantedRecall(
  scanner: Scanner,
  rules: readonly Rule[],
  hosts: readonly string[],
): { found: number; planted: number; missed: Set<string> } {
  let found = 0;
  let planted = 0;
  const missed = new Set<string>();
  for (const rule of rules) {
    for (const text of rule.examples.true) {
      for (const [number, place] of PLACES.entries()) {
        const host = hosts[number % hosts.length] ?? '';
        const without = scanner.scan(Buffer.from(place(host, '-'))).matches.length;
        const { matches } = scanner.scan(Buffer.from(place(host, text)));
        planted += 1;
        if (matches.length > without) found += 1;
        else missed.add(rule.id);
      }
    }
  }
  return { found, planted, missed };
}
