import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { AbsentError } from '../../../src/core/collected.ts';
import type { FactKey } from '../../../src/core/facts/index.ts';
import type { HostTarget } from '../../../src/core/target.ts';
import { collectHost } from '../../../src/probes/host/index.ts';
import type { HostSection, SectionOutput } from '../../../src/probes/host/section.ts';
import type { ProbeContext } from '../../../src/probes/probe.ts';

const target: HostTarget = {
  kind: 'host',
  id: 'here',
  name: 'here',
  service: null,
  environment: 'production',
  labels: {},
  transport: 'local',
  ssh: null,
  firewall: null,
};

function context(signal: AbortSignal = new AbortController().signal): ProbeContext {
  return { signal, now: () => 0, log() {}, count() {} };
}

/** Runs fragments as sections on this very machine; the fact of each is what the section printed. */
async function run(fragments: Record<string, Partial<HostSection> & { script: string }>, signal?: AbortSignal) {
  const seen: Record<string, SectionOutput> = {};
  const sections = Object.entries(fragments).map(([key, part]) => ({
    key: key as FactKey,
    timeoutS: 10,
    maxBytes: 1_000,
    parse(output: SectionOutput): never {
      seen[key] = output;
      throw new AbsentError('unreadable', 'seen');
    },
    ...part,
  }));
  const facts = await collectHost(target, context(signal), new Set(Object.keys(fragments) as FactKey[]), sections);
  const reasons = Object.fromEntries(
    Object.entries(facts).map(([key, fact]) => [key, fact && !fact.ok ? fact.absence : null]),
  );
  return { seen, reasons };
}

describe('the host script, run by the sh of this machine', () => {
  it('keeps output, complaints and exit code of each section apart', async () => {
    const { seen } = await run({
      'host.os': { script: `printf 'no newline at the end'; echo "it's wrong" >&2; exit 3` },
      'host.disk': { script: 'echo "$LC_ALL"; echo two' },
      'host.users': { script: ':' },
    });
    expect(seen['host.os']).toMatchObject({ stdout: 'no newline at the end', stderr: "it's wrong\n", exitCode: 3 });
    expect(seen['host.disk']).toMatchObject({ stdout: 'C\ntwo\n', stderr: '', exitCode: 0, truncated: false });
    expect(seen['host.users']).toMatchObject({ stdout: '', exitCode: 0 });
  });

  it('ends a section that hangs and goes on with the next', async () => {
    const { seen, reasons } = await run({
      'host.os': { script: 'echo begun; sleep 600', timeoutS: 1 },
      'host.disk': { script: 'echo still here' },
    });
    expect(reasons['host.os']).toEqual({ kind: 'timeout', reason: 'the host did not finish "host.os" within 1 s' });
    expect(seen['host.disk']?.stdout).toBe('still here\n');
  });

  it('cuts megabytes of noise, and says so', async () => {
    const { seen } = await run({
      'host.os': { script: 'head -c 20000000 /dev/zero | tr "\\0" x', maxBytes: 500 },
      'host.disk': { script: 'head -c 500 /dev/zero | tr "\\0" y', maxBytes: 500 },
      'host.users': { script: 'head -c 20000000 /dev/zero | tr "\\0" e >&2; echo done' },
    });
    expect(seen['host.os']).toMatchObject({ truncated: true, stdout: 'x'.repeat(500) });
    expect(seen['host.disk']).toMatchObject({ truncated: false, stdout: 'y'.repeat(500) });
    expect(seen['host.users']?.stdout).toBe('done\n');
    expect(seen['host.users']?.stderr).toHaveLength(4_096);
  });

  it('takes a section that reads stdin for what it is: nothing there to read', async () => {
    const { seen } = await run({ 'host.os': { script: 'cat; echo end' }, 'host.disk': { script: 'echo next' } });
    expect(seen['host.os']?.stdout).toBe('end\n');
    expect(seen['host.disk']?.stdout).toBe('next\n');
  });

  it('makes control characters harmless', async () => {
    const { seen } = await run({ 'host.os': { script: `printf 'a\\033[31mred\\007\\377\\n'` } });
    expect(seen['host.os']?.stdout).toBe('a\ufffd[31mred\ufffd\ufffd\n');
  });

  it('ends at the deadline of the audit, and leaves no process behind', async () => {
    const deadline = new AbortController();
    const seconds = `31536000.${process.pid}`;
    const alive = () =>
      readdirSync('/proc').filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === `sleep\0${seconds}\0`;
        } catch {
          return false;
        }
      }).length;
    const running = run(
      {
        'host.users': { script: 'echo in time' },
        'host.os': { script: `echo begun; sleep ${seconds}`, timeoutS: 60 },
        'host.disk': { script: 'echo never' },
      },
      deadline.signal,
    );
    await vi.waitFor(() => expect(alive()).toBe(1), 10_000);
    deadline.abort(new AbsentError('timeout', 'no complete answer within 1 s'));
    const { seen, reasons } = await running;
    // What had ended by then is kept; the section under way and those after it have the deadline as their reason.
    expect(seen['host.users']?.stdout).toBe('in time\n');
    for (const key of ['host.os', 'host.disk'])
      expect(reasons[key]).toEqual({ kind: 'timeout', reason: 'no complete answer within 1 s' });
    expect(Object.keys(seen)).toEqual(['host.users']);
    await vi.waitFor(() => expect(alive()).toBe(0), 10_000);
  });
});
