import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScanner } from '../../src/secrets/engine.ts';
import { RULES } from '../../src/secrets/rules/index.ts';
import { sample } from '../../src/secrets/sample.ts';
import { cli } from '../cli/support.ts';
import { repository } from './git-repository.ts';

/** What every rule finds in its own examples; below eight characters a match in a report may be chance. */
const PLANTED = RULES.flatMap((rule) =>
  rule.examples.true.flatMap((text) =>
    createScanner([rule])
      .scan(Buffer.from(text))
      .matches.map((match) => match.secret),
  ),
).filter((secret) => secret.length >= 8 && !secret.startsWith('-----BEGIN') && !secret.startsWith('PuTTY'));

let repo: ReturnType<typeof repository>;
let output = '';
beforeAll(() => {
  repo = repository();
  output = mkdtempSync(join(tmpdir(), 'seaworthy-redaction-'));
  for (const [number, rule] of RULES.entries()) {
    repo.write(`src/${number}.txt`, `${rule.examples.true.join('\n\n')}\n`);
    if (number % 2 === 0) repo.write(`old/${number}.txt`, `${rule.examples.true.join('\n\n')}\n`);
  }
  repo.write(`src/glpat-${sample(20)}.txt`, `glpat-${sample(20, 'base62', 2)}\n`);
  repo.commit('a');
  repo.git('rm', '-rq', 'old');
  repo.commit('b');
});
afterAll(() => {
  repo.remove();
  rmSync(output, { recursive: true, force: true });
});

describe('no secret that was found is told', () => {
  it.each(['pretty', 'json', 'sarif', 'junit', 'markdown', 'html'])(
    'in the report as %s, in the recorded facts, on stderr',
    async (format) => {
      const facts = join(output, `${format}.facts.json`);
      const only = ['--only', 'secrets.repository,secrets.history', '--timeout', '300s'];
      const { out, err } = await cli(['audit', repo.root, ...only, '--format', format, '--save-facts', facts]);
      const all = [out, err, ...readdirSync(output).map((file) => readFileSync(join(output, file), 'utf8'))].join('\n');
      expect(out.length).toBeGreaterThan(1_000);
      expect(JSON.parse(readFileSync(facts, 'utf8')).targets[0].facts.leaks.value.leaks.length).toBeGreaterThan(
        RULES.length * 0.7,
      );
      const told = [...PLANTED, `glpat-${sample(20)}`].filter((secret) => all.includes(secret));
      expect(told).toEqual([]);
    },
  );

  it('to a later run: what it needs to know a leak again is the fingerprint', async () => {
    const only = ['--only', 'secrets.repository', '--timeout', '300s', '--format', 'json'];
    const [one, two] = await Promise.all([cli(['audit', repo.root, ...only]), cli(['audit', repo.root, ...only])]);
    const names = (out: string) =>
      JSON.parse(out).targets[0].findings.map((finding: { fingerprint: string }) => finding.fingerprint);
    expect(names(one.out)).toEqual(names(two.out));
    expect(new Set(names(one.out)).size).toBe(names(one.out).length);
  });
});
