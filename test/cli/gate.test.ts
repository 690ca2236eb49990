import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gateReportSchema } from '../../src/core/gate.ts';
import { cli, tempDir, webServer } from './support.ts';

let web: Awaited<ReturnType<typeof webServer>>;
let cwd: string;
beforeAll(async () => {
  web = await webServer();
});
afterAll(() => web.close());
beforeEach(() => {
  web.state.headers = {};
  cwd = tempDir();
});

const args = (...more: string[]) => [
  'gate',
  web.url,
  '--only',
  'headers.content-type-options,headers.disclosure',
  ...more,
];
const baseline = () => join(cwd, 'seaworthy.baseline.json');
const accept = async () => cli(args('--update-baseline', '--baseline', baseline()), { cwd });
const judge = (...more: string[]) => cli(args('--baseline', baseline(), '--fail-on', 'low', ...more), { cwd });

describe('gate', () => {
  it('accepts what is there, then fails on what is new, and is open again when it is gone', async () => {
    expect(await accept()).toMatchObject({ code: 0, err: expect.stringContaining('wrote') });
    expect(await judge()).toMatchObject({ code: 0, out: expect.stringContaining('✓ the gate is open') });
    web.state.headers = { server: 'nginx/1.18.0' };
    const shut = await judge();
    expect(shut).toMatchObject({ code: 1, out: expect.stringContaining('✗ the gate is shut') });
    expect(shut.out).toMatch(/✗ low +headers.disclosure/);
    expect(shut.out).not.toMatch(/✗ medium +headers.content-type-options/);
    web.state.headers = { 'x-content-type-options': 'nosniff' };
    const better = await judge('--format', 'json');
    expect(better.code).toBe(0);
    expect(gateReportSchema.parse(JSON.parse(better.out))).toMatchObject({
      verdict: 'pass',
      fixed: [{ check: 'headers.content-type-options', status: 'pass' }],
      reasons: [],
    });
  });

  it('marks in SARIF what is new', async () => {
    await accept();
    web.state.headers = { server: 'nginx/1.18.0' };
    const { out } = await judge('--format', 'sarif');
    const states = JSON.parse(out).runs[0].results.map((one: { ruleId: string; baselineState: string }) => [
      one.ruleId,
      one.baselineState,
    ]);
    expect(states).toEqual(
      expect.arrayContaining([
        ['headers.content-type-options', 'unchanged'],
        ['headers.disclosure', 'new'],
      ]),
    );
  });

  it('annotates a change on stderr, not in the report', async () => {
    await accept();
    web.state.headers = { server: 'nginx/1.18.0' };
    const { out, err } = await judge('--annotate', 'github');
    expect(err).toMatch(/^::notice title=headers.disclosure \(low\)::/m);
    expect(out).not.toContain('::notice');
  });

  it('could not look where nothing answers, and leaves the baseline as it was', async () => {
    await accept();
    const before = readFileSync(baseline(), 'utf8');
    const gone = await webServer();
    await gone.close();
    const there = ['gate', gone.url, '--only', 'headers', '--baseline', baseline()];
    expect(await cli(there, { cwd })).toMatchObject({ code: 3, out: expect.stringContaining('? could not look') });
    expect(await cli([...there, '--update-baseline'], { cwd })).toMatchObject({ code: 3 });
    expect(readFileSync(baseline(), 'utf8')).toBe(before);
  });

  it('holds a target to a least score without any baseline', async () => {
    expect(await cli(args('--min-score', '100'), { cwd })).toMatchObject({ code: 1 });
    expect(await cli(args('--min-score', '0'), { cwd })).toMatchObject({ code: 0 });
  });

  it('refuses a baseline that is none', async () => {
    writeFileSync(baseline(), '<<<<<<< HEAD\n');
    expect(await judge()).toMatchObject({ code: 2, err: expect.stringContaining('conflict marks of a merge') });
  });

  it('reads a baseline from an address', async () => {
    await accept();
    const text = readFileSync(baseline(), 'utf8');
    const { createServer } = await import('node:http');
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(request.url === '/b.json' ? 200 : 404).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const env = { SEAWORTHY_TOKEN: 'sw_x' };
    expect(await cli(args('--baseline', `${origin}/b.json`), { cwd, env })).toMatchObject({ code: 0 });
    expect(await cli(args('--baseline', `${origin}/nope`), { cwd, env })).toMatchObject({ code: 3, out: '' });
    expect(seen).toEqual(['Bearer sw_x', 'Bearer sw_x']);
    server.closeAllConnections();
    server.close();
  });
});
