import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookAt, portOf } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'seaworthy-web-'));
const servers: Server[] = [];
let ca: string[];

/** A certificate that is its own authority, for these names. */
function certificate(name: string, names: string, days = 30): { key: string; cert: string } {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=localhost'];
  const more = ['-days', String(days), '-addext', `subjectAltName=${names}`];
  execFileSync('openssl', ['req', '-x509', ...kind, ...more, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

async function web(listener: RequestListener): Promise<string> {
  const server = createHttp(listener);
  servers.push(server);
  return `http://127.0.0.1:${await portOf(server)}`;
}

async function secure(pair: { key: string; cert: string }, listener: RequestListener): Promise<number> {
  const server = createHttps(pair, listener);
  servers.push(server);
  return portOf(server);
}

const ok: RequestListener = (_, answer) => answer.end('ok');
let good: { key: string; cert: string };
let alien: { key: string; cert: string };
beforeAll(() => {
  good = certificate('good', 'DNS:localhost,IP:127.0.0.1');
  alien = certificate('alien', 'DNS:shop.example');
  ca = [good.cert, alien.cert];
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a look over TLS', () => {
  it('is up with a certificate that is trusted and for the name, by name and by address', async () => {
    const port = await secure(good, ok);
    for (const at of [`https://localhost:${port}/`, `https://127.0.0.1:${port}/`, `tls://localhost:${port}`]) {
      const beat = await lookAt(at, { expect: { certificate: { validFor: '14d' } } }, ca);
      expect(beat).toMatchObject({ state: 'up', reason: null });
      expect(beat.timings?.tls).toBeGreaterThan(0);
    }
  });

  it('is down where it ends too soon, is for another name, or is not trusted', async () => {
    const port = await secure(good, ok);
    const soon = await lookAt(`tls://localhost:${port}`, { expect: { certificate: { validFor: '60d' } } }, ca);
    expect(soon.reason).toMatch(/^the certificate is valid for 4w|^the certificate is valid for \d+d/);
    expect(soon.state).toBe('down');
    const wrong = await lookAt(`https://localhost:${await secure(alien, ok)}/`, {}, ca);
    expect(wrong).toMatchObject({
      state: 'down',
      reason: expect.stringContaining('the certificate is not for localhost: it names DNS:shop.example'),
    });
    const unknown = await lookAt(`https://localhost:${port}/`);
    expect(unknown).toMatchObject({ state: 'down', reason: expect.stringMatching(/self-signed/) });
  });

  it('sees a certificate that was changed between two looks', async () => {
    const server = createHttps(good, ok);
    servers.push(server);
    const port = await portOf(server);
    expect(await lookAt(`https://localhost:${port}/`, {}, ca)).toMatchObject({ state: 'up' });
    server.setSecureContext(alien);
    expect(await lookAt(`https://localhost:${port}/`, {}, ca)).toMatchObject({ state: 'down' });
  });
});

describe('a redirect', () => {
  it('is followed as often as it may be, and no more', async () => {
    const at = await web((request, answer) => {
      const left = Number(request.url?.slice(1));
      if (left > 0) answer.writeHead(302, { location: `/${left - 1}` });
      answer.end('ok');
    });
    expect(await lookAt(`${at}/2`)).toMatchObject({
      state: 'down',
      code: 302,
      reason: expect.stringContaining('answered 302'),
    });
    expect(await lookAt(`${at}/2`, { redirects: 2 })).toMatchObject({ state: 'up', code: 200 });
    expect(await lookAt(`${at}/3`, { redirects: 2 })).toMatchObject({
      state: 'down',
      reason: 'redirects more than 2 times',
    });
    expect(await lookAt(`${at}/2`, { redirects: 5, expect: { status: [302] } })).toMatchObject({
      state: 'up',
      code: 302,
    });
  });

  it('never leads from https to http, nor to where credentials are handed out, and takes no log-in along', async () => {
    const plain = await web(ok);
    const port = await secure(good, (_, answer) => answer.writeHead(301, { location: plain }).end());
    const down = await lookAt(`https://localhost:${port}/`, { redirects: 3 }, ca);
    expect(down).toMatchObject({ state: 'down', reason: `redirects from https to ${plain}` });
    const to = async (location: string) =>
      (await lookAt(await web((_, answer) => answer.writeHead(302, { location }).end()), { redirects: 3 })).reason;
    expect(await to('http://169.254.169.254/latest/')).toContain('hand out credentials');
    expect(await to('ftp://127.0.0.1/')).toContain('no web address');
    expect(await to('http://user:secret@127.0.0.1:1/')).toBe('redirects to an address with a log-in');
  });
});

describe('a family of addresses', () => {
  it('is kept to', async () => {
    const at = await web(ok);
    expect(await lookAt(at, { ip: 4 })).toMatchObject({ state: 'up' });
    expect(await lookAt(at, { ip: 6 })).toMatchObject({ state: 'down', reason: 'there is no IPv6 address' });
  });
});
