import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { browser, startSite, temporaryFolder } from './support.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const work of cleanUp.splice(0).reverse()) await work();
});

interface Served {
  child: ChildProcess;
  out(): string;
  err(): string;
  /** Waits until what was written so far fits. */
  until(stream: 'out' | 'err', pattern: RegExp): Promise<RegExpExecArray>;
  ended: Promise<number | null>;
}

/** The real program, as a person starts it. */
function serve(folder: string, args: string[] = [], env: Record<string, string> = {}): Served {
  const child = spawn(
    process.execPath,
    [
      '--import',
      import.meta.resolve('tsx'),
      join(ROOT, 'src/cli/main.ts'),
      'serve',
      '--listen',
      '127.0.0.1:0',
      '--data',
      join(folder, 'data'),
      ...args,
    ],
    { cwd: folder, env: { PATH: process.env.PATH ?? '', HOME: folder, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const text = { out: '', err: '' };
  const listeners = new Set<() => void>();
  const note = (stream: 'out' | 'err') => (part: Buffer) => {
    text[stream] += part.toString('utf8');
    for (const call of [...listeners]) call();
  };
  child.stdout?.on('data', note('out'));
  child.stderr?.on('data', note('err'));
  const ended = once(child, 'close').then(() => {
    for (const call of [...listeners]) call();
    return child.exitCode;
  });
  cleanUp.push(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  });
  return {
    child,
    out: () => text.out,
    err: () => text.err,
    ended,
    until: (stream, pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(text[stream]);
          if (!found && child.exitCode === null && child.signalCode === null) return;
          listeners.delete(look);
          if (found) resolve(found);
          else reject(new Error(`ended with ${child.exitCode} before ${pattern}: ${text.out}${text.err}`));
        };
        listeners.add(look);
        look();
      }),
  };
}

async function start(
  yaml: (site: string) => string,
  more: { env?: Record<string, string>; headers?: Record<string, string> } = {},
) {
  const folder = temporaryFolder();
  const site = await startSite(more.headers ?? {});
  cleanUp.push(folder.remove, () => site.close());
  const path = join(folder.path, 'seaworthy.yaml');
  writeFileSync(path, yaml(site.url));
  const served = serve(folder.path, ['--config', path], more.env);
  const [, loginUrl = ''] = await served.until('out', /Log in: +(\S+)/);
  return { ...served, path, site, loginUrl };
}
/** A site that answers nobody until it is told to. */
async function slowSite() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const server = createServer((_request, response) => void opened.then(() => response.end('late')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  cleanUp.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, asked: once(server, 'request'), answer: () => open() };
}
const one = (site: string) => `version: 1\ntargets: [{ id: web, endpoint: "${site}" }]\n`;

describe('seaworthy serve', () => {
  it('says where it is, how to log in and what it audits; ends with 0 when it is told to', async () => {
    const { child, out, until, loginUrl, ended, err } = await start(one);
    expect(out()).toMatch(/listens on http:\/\/127\.0\.0\.1:\d+\n/);
    expect(out()).toContain('Auditing: web (endpoint)');
    expect((await (await browser(loginUrl)).call('GET', '/api/v1/me')).body).toMatchObject({ role: 'admin' });
    await until('err', /audit finished/);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(err()).toContain('"msg":"stopped"');
    // Neither the code nor the cookie of the log-in is in the log.
    expect(err()).not.toContain(loginUrl.split('code=')[1]);
  });

  it('reads its file again on SIGHUP', async () => {
    const { child, until, path, site, ended } = await start(one);
    writeFileSync(path, `${one(site.url)}publish: { metrics: true }\n`);
    child.kill('SIGHUP');
    await until('err', /configuration taken up/);
    writeFileSync(path, 'targets: [}');
    child.kill('SIGHUP');
    await until('err', /the configuration on disk is invalid/);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  it('ends an audit that is under way, keeps it and leaves with 0', async () => {
    const { url, asked, answer } = await slowSite();
    const { child, until, ended, err } = await start(() => `version: 1\ntargets: [{ id: slow, endpoint: "${url}" }]\n`);
    await asked;
    child.kill('SIGTERM');
    await until('err', /"msg":"stopping"/);
    answer();
    expect(await ended).toBe(0);
    const [finished, stopped] = ['"msg":"audit finished"', '"msg":"stopped"'].map((line) => err().indexOf(line));
    expect(finished).toBeGreaterThan(0);
    expect(stopped).toBeGreaterThan(finished ?? 0);
  });

  it('does not wait when it is told twice', async () => {
    const { url, asked } = await slowSite();
    const { child, until, ended, err } = await start(() => `version: 1\ntargets: [{ id: slow, endpoint: "${url}" }]\n`);
    await asked;
    child.kill('SIGTERM');
    await until('err', /"msg":"stopping"/);
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
    expect(err()).not.toContain('"msg":"stopped"');
  });

  it.each([
    ['a configuration that is wrong', ['--config', 'bad.yaml'], /bad\.yaml:2:\d+ .*tragets/],
    ['an address that is none', ['--listen', 'everywhere'], /"everywhere" is no address/],
    ['a URL that is none', ['--public-url', 'seaworthy.example'], /no URL/],
    ['an option that is none', ['--lisen', '1'], /Did you mean --listen/],
  ])('refuses %s with exit code 2', async (_, args, message) => {
    const folder = temporaryFolder();
    cleanUp.push(folder.remove);
    writeFileSync(join(folder.path, 'bad.yaml'), 'version: 1\ntragets: []\n');
    const { ended, err } = serve(folder.path, args);
    expect(await ended, err()).toBe(2);
    expect(err()).toMatch(message);
    expect(err()).not.toMatch(/\n\s+at /);
  });
});
