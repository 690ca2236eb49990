import { afterAll, beforeAll, expect, it } from 'vitest';
import { AbsentError } from '../../src/core/collected.ts';
import { readFrames } from '../../src/probes/host/frame.ts';
import { hostScript } from '../../src/probes/host/script.ts';
import { SECTIONS } from '../../src/probes/host/sections.ts';
import { describeLab } from './lab/available.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

const MARKER = 'sw-shells';
const FAST = SECTIONS.filter((section) => !section.slow);
const SLOW = SECTIONS.filter((section) => section.slow);
/** What changes between two looks at one host. */
const MOVING = new Set(['host.disk', 'host.time', 'host.listen']);

describeLab('the shells and tools of hosts', () => {
  let lab: Lab;
  let host: LabHost;
  beforeAll(async () => {
    lab = await createLab();
    host = await lab.host({
      name: 'hardened',
      profile: 'hardened',
      setup: 'mkdir -p /etc/ssl/private; touch /etc/ssl/private/shop.key',
    });
  });
  afterAll(() => lab?.destroy());

  /** Every fact, or why there is none, as the host answers when its script is run by this shell. */
  async function facts(shell: string, sections = FAST): Promise<Record<string, unknown>> {
    const script = hostScript(sections, { marker: MARKER, sudo: false });
    const { stdout, stderr } = await host.exec(`exec ${shell} -s`, { stdin: script, check: false });
    const { frames, complete } = readFrames(Buffer.from(stdout), Buffer.from(stderr), {
      marker: MARKER,
      sections,
    });
    expect(complete, stderr.slice(0, 500)).toBe(true);
    expect(stderr).not.toMatch(/syntax error|bad substitution|not found|invalid option|unrecognized option|Usage:/i);
    return Object.fromEntries(
      sections.map((section) => {
        const frame = frames.get(section.key);
        if (!frame?.ok) return [section.key, frame];
        try {
          return [section.key, section.parse(frame.output)];
        } catch (thrown) {
          if (thrown instanceof AbsentError) return [section.key, thrown.absence];
          throw thrown;
        }
      }),
    );
  }
  const still = (all: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => !MOVING.has(key)));

  it('gives the same facts by dash, bash and busybox ash, and with the tools of busybox', async () => {
    const dash = await facts('dash');
    expect(dash['host.os']).toMatchObject({ id: expect.any(String) });
    expect(still(await facts('bash --posix'))).toEqual(still(dash));
    expect(still(await facts('busybox ash'))).toEqual(still(dash));
    // As on Alpine: find, stat, awk, sed, grep, df, timeout and sh itself are those of busybox.
    // Debian builds it with fewer applets than Alpine does; what it lacks stays that of the system.
    const applets =
      'ash awk cat cut date df find getopt grep head id ls nice ionice printf readlink sed sh sort stat tail timeout tr uname which xargs';
    await host.exec(
      `for a in ${applets}; do busybox --list | grep -qx $a && ln -s /usr/bin/busybox /usr/local/sbin/$a; done; :`,
    );
    const busybox = await facts('/usr/local/sbin/ash');
    expect(still(busybox)).toEqual(still(dash));
    expect(await facts('/usr/local/sbin/ash', SLOW)).toEqual(await facts('/bin/dash', SLOW));
    expect(busybox['host.disk']).toMatchObject({
      filesystems: expect.arrayContaining([expect.objectContaining({ mountpoint: '/' })]),
    });
    expect(busybox['host.listen']).toMatchObject({
      sockets: expect.arrayContaining([expect.objectContaining({ port: 22 })]),
    });
    expect(busybox['host.time']).toMatchObject({ hostClock: expect.any(Number) });
  });
}, ['busybox', 'dash']);
