import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { wantsColor } from '../../src/cli/io.ts';
import { tempDir } from './support.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const TSX = import.meta.resolve('tsx');

/** The real program in a process of its own; `close` ends its stdout after the first bytes, as `head` does. */
function program(argv: string[], { close = false, env = {} }: { close?: boolean; env?: Record<string, string> } = {}) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(process.execPath, ['--import', TSX, MAIN, ...argv], {
      cwd: tempDir(),
      env: { PATH: process.env.PATH ?? '', HOME: '/nowhere', ...env },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (data) => {
      out += data;
      if (close) child.stdout.destroy();
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

describe('the program', () => {
  it('answers --version', async () => {
    expect(await program(['--version'])).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
  });

  it('keeps stdout for the report and ends with the code of wrong usage', async () => {
    const { code, out, err } = await program(['audti', 'local']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('did you mean "audit"?');
  });

  it('is not upset when its reader goes away', async () => {
    const { code, err } = await program(['config', 'schema'], { close: true });
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('paints only where it was told to when stdout is no terminal', async () => {
    const argv = ['audit', '.', '--only', 'pipeline'];
    expect((await program(argv)).out).not.toContain('\u001b[');
    expect((await program(argv, { env: { FORCE_COLOR: '1' } })).out).toContain('\u001b[');
    expect((await program([...argv, '--no-color'], { env: { FORCE_COLOR: '1' } })).out).not.toContain('\u001b[');
  });
});

describe('wantsColor', () => {
  it.each([
    [{}, true, [], true],
    [{}, false, [], false],
    [{ NO_COLOR: '1' }, true, [], false],
    [{ NO_COLOR: '' }, true, [], true],
    [{ TERM: 'dumb' }, true, [], false],
    [{ FORCE_COLOR: '1' }, false, [], true],
    [{ FORCE_COLOR: '0' }, true, [], false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, [], false],
    [{}, true, ['--no-color'], false],
  ])('%j, terminal %s, %j: %s', (env, terminal, argv, wanted) => expect(wantsColor(env, terminal, argv)).toBe(wanted));
});
