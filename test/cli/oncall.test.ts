import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, tempDir } from './support.ts';

const whole = readFileSync(join(import.meta.dirname, '../config/whole.yaml'), 'utf8');
const cwd = tempDir({ 'seaworthy.yaml': whole });
const env = { PD_KEY: 'k', SLACK_URL: 'https://hooks.slack.example/x', HOOK_SECRET: 'whsec_c2VjcmV0' };

describe('oncall', () => {
  it.each([
    ['2026-11-03T12:00Z', /^primary +Ana +layer 1 +until 2026-11-09 09:00 UTC$/m],
    ['2026-11-10T12:00Z', /^primary +Ben +layer 1/m],
    ['2026-12-25T12:00Z', /^primary +Ben +override/m],
    ['2026-10-20', /^primary +nobody +until/m],
  ])('at %s', async (at, line) => {
    const { code, out } = await cli(['oncall', '--at', at], { cwd, env });
    expect(out).toMatch(line);
    expect(code).toBe(0);
  });

  it('refuses a time that is none', async () => {
    expect(await cli(['oncall', '--at', 'tomorrow'], { cwd, env })).toMatchObject({ code: 2, out: '' });
  });
});

describe('route-test', () => {
  const test = (...more: string[]) =>
    cli(['route-test', '--target', 'shop-web', '--severity', 'high', ...more], { cwd, env });

  it('lays out who is told and when, until somebody acknowledges', async () => {
    const { code, out } = await test('--at', '2026-11-03T12:00Z');
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(lines[1]).toBe('route 1, escalation default, repeated every 4h');
    expect(lines[2]).toBe('  +30s  Ana (on call in primary) by pager');
    expect(lines[3]).toBe('  +10m 30s  Ben by pager');
  });

  it('takes another route for what is less bad', async () => {
    const { out } = await cli(['route-test', '--target', 'shop-web', '--severity', 'low', '--at', '2026-11-03'], {
      cwd,
      env,
    });
    expect(out).toContain('route 2, repeated every 4h\n  +30s  hook');
  });

  it('says what holds it', async () => {
    expect((await test('--at', '2026-11-08T03:00Z')).out).toMatch(/^held: .*maintenance.* until 2026-11-08 04:00 UTC/m);
  });

  it('knows only targets of the configuration', async () => {
    const { code, err } = await cli(['route-test', '--target', 'shop-wb', '--severity', 'low'], { cwd, env });
    expect(code).toBe(2);
    expect(err).toContain('did you mean "shop-web"');
  });
});
