import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeLab } from './lab/available.ts';
import { run } from './lab/host.ts';
import { createLab } from './lab/index.ts';

const mine = async (name: string) =>
  (
    await run('bash', [
      '-c',
      `ip -o link | grep -o '${name}[h0-9]*' || :; ip netns list | grep -o '^${name}-[a-z]*' || :`,
    ])
  ).stdout;

describeLab('the lab', () => {
  it('keeps hosts apart from the machine: files, users, processes, names', async () => {
    const lab = await createLab();
    try {
      const host = await lab.host({
        name: 'apart',
        profile: 'bare',
        setup: 'echo marked > /etc/seaworthy-test; useradd nobodyelse',
      });
      expect((await host.exec('cat /etc/seaworthy-test; hostname; cat /proc/1/comm')).stdout).toBe(
        'marked\napart\nbash\n',
      );
      expect(existsSync('/etc/seaworthy-test')).toBe(false);
      expect(readFileSync('/etc/passwd', 'utf8')).not.toContain('nobodyelse');
    } finally {
      lab.destroy();
    }
  });

  it('leaves nothing when it is destroyed', async () => {
    const lab = await createLab();
    const name = `swl${lab.address.split('.')[2]}`;
    await lab.host({ name: 'gone', profile: 'bare' });
    expect(await mine(name)).not.toBe('');
    lab.destroy();
    expect(await mine(name)).toBe('');
    expect(existsSync(lab.directory)).toBe(false);
  });

  it('is cleared away by the next one where its process was killed', async () => {
    const index = join(import.meta.dirname, 'lab/index.ts');
    const script = `import { createLab } from ${JSON.stringify(index)};
      const lab = await createLab(); await lab.host({ name: 'orphan', profile: 'bare' });
      console.log(lab.directory); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
    const directory = chunk.toString().trim();
    const name = `swl${directory.split('/').at(-1)}`;
    expect(await mine(name)).toContain('orphan');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const next = await createLab();
    next.destroy();
    expect(await mine(name)).toBe('');
    expect(existsSync(directory)).toBe(false);
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(`${directory}/`);
  });

  it('gives labs that run at the same time their own networks', async () => {
    const [one, two] = await Promise.all([createLab(), createLab()]);
    expect(one.address).not.toBe(two.address);
    one.destroy();
    two.destroy();
  });
});
