import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../../src/incidents/deliver-command.ts';
import { deliver, incident, message, openKind } from './support.ts';

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'seaworthy-exec-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}
const shell = (script: string, env?: Record<string, string>) =>
  openKind('exec', { command: ['/bin/sh', '-c', script], ...(env ? { env } : {}) });

describe('exec', () => {
  it('gives the program the notification, the headline and what the configuration names, and nothing else', async () => {
    const out = join(folder(), 'out');
    process.env.SEAWORTHY_EXEC_SECRET = 'not-for-programs';
    onTestFinished(() => void delete process.env.SEAWORTHY_EXEC_SECRET);
    const named = incident({ title: '$(touch /tmp/x); `id`' });
    const verdict = await deliver(
      shell(`{ cat; env; } > "$OUT"`, { OUT: out }),
      message('open', { incidents: [named] }),
    );
    expect(verdict).toEqual({ outcome: 'sent', note: 'the program ended with 0' });
    const [json = '', ...env] = readFileSync(out, 'utf8').split('\n');
    expect(JSON.parse(json)).toMatchObject({ id: 'm-open', type: 'incident.opened', incidents: [{ id: 'i1' }] });
    expect(env).toContain('SEAWORTHY_HEADLINE=[high] firing: $(touch /tmp/x); `id` (shop)');
    expect(env.join('\n')).not.toContain('not-for-programs');
  });

  it.each([
    [75, 'retry'],
    [1, 'retry'],
    [64, 'give-up'],
    [78, 'give-up'],
    [127, 'give-up'],
  ])('reads exit code %i as %s', async (code, outcome) => {
    const verdict = await deliver(shell(`echo out of paper >&2; exit ${code}`), message());
    expect(verdict).toEqual({ outcome, reason: `the program ended with ${code}: out of paper` });
  });

  it('outlives a program that does not read, that is not there, and that is killed', async () => {
    const many = Array.from({ length: 50 }, (_, n) => incident({ id: `i${n}`, title: 'x'.repeat(4_000) }));
    expect(await deliver(shell('exit 0'), message('open', { incidents: many }))).toMatchObject({ outcome: 'sent' });
    const gone = openKind('exec', { command: ['/nonexistent/program'] });
    expect(await deliver(gone, message())).toMatchObject({
      outcome: 'retry',
      reason: expect.stringContaining('ENOENT'),
    });
    expect(await deliver(shell('kill -9 $$'), message())).toEqual({ outcome: 'retry', reason: 'ended by SIGKILL' });
  });

  it('ends a program that hangs, with all that it started', async () => {
    const pidFile = join(folder(), 'pid');
    const answer = await runCommand({
      command: {
        program: '/bin/sh',
        args: ['-c', `sleep 1000 & echo $! > ${pidFile}; wait`],
        input: '',
        env: {},
        timeoutMs: 1_000,
      },
    });
    expect(answer).toEqual({ error: 'it did not end within 1 s' });
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await expect.poll(() => running(pid), { timeout: 30_000 }).toBe(false);
  });
});

/** A killed child of a killed parent may stand as a zombie until somebody asks for it. */
function running(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
