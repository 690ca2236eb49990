import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderHostScript } from '../../src/probes/host/index.ts';
import { describeLab } from './lab/available.ts';
import { run } from './lab/host.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

describeLab('the host script', () => {
  let lab: Lab;
  let host: LabHost;
  beforeAll(async () => {
    lab = await createLab();
    host = await lab.host({ name: 'hardened', profile: 'hardened' });
  });
  afterAll(() => lab?.destroy());

  it.each(['root', 'audit'])('changes not one file of the host, run as %s', async (user) => {
    // The upper layer of the host's root holds what was written since it was made, and nothing else.
    const written = async () =>
      (await run('find', [`${lab.directory}/h10/u`, '-printf', '%P %s %m %u %C@\\n'])).stdout +
      (await host.exec("find /run /tmp -path /run/sudo -prune -o -printf '%p %s %m %u %C@\\n'")).stdout;
    const before = await written();
    expect(before).toContain('etc/ssh/sshd_config ');
    const { stdout, code } = await host.exec('sh -s', { stdin: renderHostScript(), check: false, user });
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nSEAWORTHY-RANDOM-PER-RUN bye\n$/);
    expect(await written()).toEqual(before);
  });

  it('runs in the shells that hosts have', async () => {
    const script = renderHostScript();
    for (const shell of ['dash', 'bash --posix']) {
      const { stdout, stderr } = await host.exec(`${shell} -n`, { stdin: script });
      expect(stdout + stderr).toBe('');
    }
  });
});
