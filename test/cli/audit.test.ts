import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditReportSchema } from '../../src/core/report.ts';
import { cli, tempDir, webServer } from './support.ts';

let web: Awaited<ReturnType<typeof webServer>>;
beforeAll(async () => {
  web = await webServer({ server: 'nginx/1.18.0' });
});
afterAll(() => web.close());

const findingsOf = (out: string) =>
  auditReportSchema.parse(JSON.parse(out)).targets.flatMap((target) => target.findings);

/** A port of this machine that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

describe('an audit', () => {
  it('reports on stdout and ends with 0, whatever it found', async () => {
    const { code, out, err } = await cli(['audit', web.url, '--only', 'headers']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`${web.url} `);
    expect(out).toMatch(/✗ medium +headers.content-type-options +X-Content-Type-Options is missing/);
  });

  it.each([
    ['low', 1],
    ['medium', 1],
    ['critical', 0],
    ['none', 0],
  ])('with --fail-on %s ends with %i', async (severity, code) => {
    const only = ['--only', 'headers.content-type-options,headers.disclosure'];
    expect(await cli(['audit', web.url, ...only, '--fail-on', severity])).toMatchObject({ code });
  });

  it('runs the checks that were chosen, and only them', async () => {
    const { out } = await cli(['audit', web.url, '--only', 'headers', '--skip', 'headers.csp', '--format', 'json']);
    const checks = new Set(findingsOf(out).map((one) => one.check));
    expect(checks).toContain('headers.hsts');
    expect(checks).not.toContain('headers.csp');
    expect([...checks].every((check) => check.startsWith('headers.'))).toBe(true);
  });

  it('asks a host:port what it speaks', async () => {
    const { out } = await cli(['audit', `127.0.0.1:${web.port}`, '--only', 'headers.disclosure', '--format', 'json']);
    expect(findingsOf(out)).toMatchObject([{ check: 'headers.disclosure', status: 'fail' }]);
  });

  it('could not look at a closed port, and says so', async () => {
    const { code, out, err } = await cli(['audit', `http://127.0.0.1:${await closedPort()}/`, '--only', 'headers']);
    expect(code).toBe(3);
    expect(out).toMatch(/\? critical \d+ checks +could not look/);
    expect(err).toContain('nothing could be looked at');
  });

  it('looks at several targets; one that is gone does not spoil the others', async () => {
    const gone = `http://127.0.0.1:${await closedPort()}/`;
    const { code, out } = await cli(['audit', web.url, gone, '--only', 'headers', '--format', 'json']);
    expect(code).toBe(0);
    expect(auditReportSchema.parse(JSON.parse(out)).targets.map((target) => target.id)).toEqual([web.url, gone]);
  });

  it('takes severity, waivers and switches from the configuration', async () => {
    const cwd = tempDir({
      'seaworthy.yaml': `
targets: [{ id: shop, endpoint: "${web.url}", checks: { headers.disclosure: off } }]
checks: { headers.content-type-options: { severity: critical } }
waivers: [{ check: headers.csp, target: shop, until: 2027-03-01, reason: later, owner: ana }]
alerting: { channels: { hook: { webhook: { url: "\${env:NOT_SET}" } } } }`,
    });
    const { out } = await cli(['audit', 'shop', '--only', 'headers', '--format', 'json'], { cwd });
    const findings = findingsOf(out);
    expect(findings.find((one) => one.check === 'headers.content-type-options')?.severity).toBe('critical');
    expect(findings.find((one) => one.check === 'headers.csp')).toMatchObject({
      status: 'waived',
      waiver: { owner: 'ana' },
    });
    expect(findings.some((one) => one.check === 'headers.disclosure')).toBe(false);
  });

  it('warns where no chosen check applies', async () => {
    const { err } = await cli(['audit', '.', '--only', 'headers']);
    expect(err).toContain('no check that was chosen applies to .');
  });
});

describe('recorded facts', () => {
  it('give the same findings again, without asking anybody', async () => {
    const cwd = tempDir();
    const file = join(cwd, 'facts.json');
    const first = await cli(['audit', web.url, '--only', 'headers', '--save-facts', file, '--format', 'json']);
    const asked = web.state.requests;
    const again = await cli(['audit', '--facts', file, '--only', 'headers', '--format', 'json']);
    expect(findingsOf(again.out)).toEqual(findingsOf(first.out));
    expect(web.state.requests).toBe(asked);
    expect(await cli(['audit', 'other', '--facts', file])).toMatchObject({ code: 2 });
  });

  it.each([
    ['{', 'cannot be read'],
    ['{"schemaVersion":1,"targets":[{"id":"a"}]}', 'is no facts file'],
    [
      '{"schemaVersion":1,"targets":[{"id":"a","kind":"endpoint","collectedAt":"2026-11-20T12:00:00Z","facts":{}}]}',
      'does not say which target',
    ],
  ])('%s are refused', async (text, reason) => {
    const cwd = tempDir({ 'f.json': text });
    const { code, err } = await cli(['audit', '--facts', join(cwd, 'f.json')]);
    expect(code).toBe(2);
    expect(err).toContain(reason);
  });

  it('that do not fit their schema are refused', async () => {
    const cwd = tempDir();
    const file = join(cwd, 'facts.json');
    await cli(['audit', web.url, '--only', 'headers', '--save-facts', file]);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"status": 200', '"status": "two hundred"'));
    expect(await cli(['audit', '--facts', file])).toMatchObject({ code: 2, out: '' });
  });
});

describe('--output', () => {
  it('writes the whole report and leaves stdout empty', async () => {
    const cwd = tempDir();
    const file = join(cwd, 'report.sarif');
    expect(await cli(['audit', web.url, '--format', 'sarif', '--output', file], { cwd })).toMatchObject({
      code: 0,
      out: '',
    });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(readdirSync(cwd)).toEqual(['report.sarif']);
  });

  it('leaves what was there when it cannot write', async () => {
    const { code, err } = await cli(['audit', web.url, '--output', '/nowhere/report.json']);
    expect(code).toBe(2);
    expect(err).toContain('/nowhere/report.json could not be written');
    expect(existsSync('/nowhere')).toBe(false);
  });
});
