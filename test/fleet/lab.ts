import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePackages } from '../support/packages.ts';
import { labLacks } from './lab/available.ts';
import { createLab } from './lab/index.ts';
import { badWeb, goodWeb } from './lab/web.ts';

/**
 * `npm run lab [-- address:port]`: a neglected and a hardened host with SSH and web servers, and Seaworthy auditing them.
 * Prints the address and the log-in link; Ctrl-C ends everything and leaves nothing behind.
 */
const root = join(import.meta.dirname, '../..');
const main = join(root, 'dist/src/cli/main.js');
const listen = process.argv[2] ?? '127.0.0.1:8080';

await ensurePackages();
const lacks = labLacks();
if (lacks !== null) {
  console.error(`the lab needs ${lacks}`);
  process.exit(2);
}
if (!existsSync(main)) {
  const build = spawn('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  const [code] = await once(build, 'exit');
  if (code !== 0) process.exit(1);
}

const folder = await mkdtemp(join(tmpdir(), 'seaworthy-lab-'));
const lab = await createLab();
let stopping = false;
async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (service && service.exitCode === null) {
    const ended = once(service, 'exit');
    service.kill('SIGTERM');
    await ended;
  }
  lab.destroy();
  await rm(folder, { recursive: true, force: true });
  process.exit(code);
}
let service: ReturnType<typeof spawn> | undefined;
process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));

try {
  console.error('starting two hosts');
  const neglected = await lab.host({ name: 'neglected', profile: 'neglected', setup: badWeb });
  const hardened = await lab.host({ name: 'hardened', profile: 'hardened', setup: goodWeb });
  const authority = join(folder, 'ca.pem');
  await writeFile(authority, (await hardened.exec('cat /etc/lab/ca.pem')).stdout);
  const config = join(folder, 'seaworthy.yaml');
  const host = (one: typeof neglected, allow: string) => `  - id: ${one.name}
    service: shop
    host: ssh://audit@${one.address}
    ssh: { identity: ${one.identity}, knownHosts: ${one.knownHosts}, sudo: true }
    firewall: { allow: ${allow}, from: outside }
    audit: { every: 10m }
`;
  const web = (id: string, url: string) => `  - id: ${id}
    service: shop
    endpoint: ${url}
    audit: { every: 10m }
    monitor: { every: 10s, timeout: 5s }
`;
  await writeFile(
    config,
    `version: 1
services:
  - { id: shop, name: Shop, environment: production }
targets:
${host(neglected, '[22, 80]')}${host(hardened, '[22, 80, 443]')}${web('neglected-web', `http://${neglected.address}/`)}${web('hardened-web', `https://${hardened.address}/`)}`,
  );
  service = spawn(
    process.execPath,
    [main, 'serve', '--config', config, '--data', join(folder, 'data'), '--listen', listen],
    {
      stdio: 'inherit',
      // Its own group: Ctrl-C reaches us, and we end it in order.
      detached: true,
      env: { ...process.env, NODE_EXTRA_CA_CERTS: authority },
    },
  );
  service.on('exit', (code) => void stop(code ?? 1));
  console.error(`configuration: ${config}\nneglected host: ${neglected.address}, hardened host: ${hardened.address}`);
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  await stop(1);
}
