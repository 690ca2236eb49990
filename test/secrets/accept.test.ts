import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { auditReportSchema } from '../../src/core/report.ts';
import { sample } from '../../src/secrets/sample.ts';
import { cli, tempDir } from '../cli/support.ts';
import { repository } from './git-repository.ts';

const made: { remove(): void }[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

const token = (seed: number) => `glpat-${sample(20, 'base62', seed)}`;

async function audit(path: string, check: string) {
  const { out, code } = await cli(['audit', path, '--only', check, '--format', 'json', '--fail-on', 'low']);
  return { code, findings: auditReportSchema.parse(JSON.parse(out)).targets.flatMap((target) => target.findings) };
}

describe.each(['secrets.repository', 'secrets.history'])('an exception from %s', (check) => {
  it('holds until its day, moves with its secret, and covers no other', async () => {
    const one = repository();
    made.push(one);
    one.write('src/a.ts', `const key = '${token(1)}';\n`);
    one.commit('a');
    const before = await audit(one.root, check);
    expect(before.code).toBe(1);
    expect(before.findings).toMatchObject([
      { status: 'fail', severity: 'critical', location: { file: 'src/a.ts', line: 1 } },
    ]);
    const { rule, fingerprint } = before.findings[0]?.details ?? {};
    expect(rule).toBe('gitlab-pat');

    // The run of these tests is on 2026-11-20.
    one.write('.seaworthyignore', `${fingerprint} owner=ana until=2026-11-20 revoked\n`);
    expect((await audit(one.root, check)).findings).toMatchObject([{ status: 'pass' }]);

    one.write('src/a.ts', `// moved\n\nconst renamed = "${token(1)}";\n`);
    one.commit('b');
    expect(await audit(one.root, check)).toMatchObject({ code: 0, findings: [{ status: 'pass' }] });

    one.write('src/a.ts', `const key = '${token(2)}';\n`);
    one.commit('c');
    const other = await audit(one.root, check);
    expect(other.findings.filter((finding) => finding.status === 'fail')).toHaveLength(1);
    expect(other.findings[0]?.fingerprint).not.toBe(before.findings[0]?.fingerprint);

    one.write('.seaworthyignore', `${fingerprint} owner=ana until=2026-11-19 revoked\n`);
    one.write('src/a.ts', `const key = '${token(1)}';\n`);
    const late = (await audit(one.root, check)).findings.find(
      (finding) => finding.details?.fingerprint === fingerprint,
    );
    expect(late).toMatchObject({ status: 'fail', fingerprint: before.findings[0]?.fingerprint });
    expect(late?.message).toContain('ana accepted it until 2026-11-19');
  });
});

describe('a directory without git', () => {
  it('has no history to look at, which is no failure', async () => {
    const one = repository(false);
    made.push(one);
    one.write('a.txt', 'nothing\n');
    expect((await audit(one.root, 'secrets.history')).findings).toMatchObject([{ status: 'not-applicable' }]);
    expect((await audit(one.root, 'secrets.repository')).findings).toMatchObject([{ status: 'pass' }]);
  });
});

describe('one secret in the files and in the history', () => {
  it('is one leak: it counts once, and deleting it is neither a fix nor a regression of the gate', async () => {
    const one = repository();
    made.push(one);
    one.write('src/a.ts', `const key = '${token(1)}';\n`);
    one.commit('a');
    const only = 'secrets.repository,secrets.history';
    const look = async () => {
      const { out } = await cli(['audit', '.', '--only', only, '--format', 'json'], { cwd: one.root });
      return auditReportSchema.parse(JSON.parse(out)).targets[0];
    };
    const both = await look();
    const failed = both?.findings.filter((finding) => finding.status === 'fail');
    expect(failed).toMatchObject([
      { check: 'secrets.history', severity: 'info', details: { alsoIn: [{ check: 'secrets.repository' }] } },
      { check: 'secrets.repository', severity: 'critical', details: { alsoIn: [{ check: 'secrets.history' }] } },
    ]);
    expect(failed?.[1]?.message).toMatch(/; also in [0-9a-f]{12}:src\/a.ts:1$/);
    expect(new Set(failed?.map(({ details }) => details?.fingerprint)).size).toBe(1);
    expect(both?.score, 'one of two critical checks').toBe(50);

    const baseline = join(tempDir(), 'baseline.json');
    const gate = (...more: string[]) =>
      cli(['gate', '.', '--only', only, '--baseline', baseline, ...more], { cwd: one.root });
    expect((await gate('--update-baseline')).code).toBe(0);
    one.write('src/a.ts', 'const key = process.env.KEY;\n');
    one.commit('b');
    expect(await gate(), 'deleted, not revoked: in the history as before').toMatchObject({ code: 0 });
    expect((await look())?.findings).toMatchObject([
      { check: 'secrets.history', status: 'fail', severity: 'high' },
      { check: 'secrets.repository', status: 'pass' },
    ]);
    one.write('src/b.ts', `const key = '${token(2)}';\n`);
    one.commit('c');
    expect((await gate()).code, 'another secret').toBe(1);
  });
});
