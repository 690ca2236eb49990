import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api/app.ts';
import { type HttpServer, startHttpServer } from '../../src/service/http-server.ts';
import { fakeApi } from './fake-ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'seaworthy-static-'));
const crashes: unknown[] = [];
let server: HttpServer;

beforeAll(async () => {
  mkdirSync(join(folder, 'web', 'assets'), { recursive: true });
  mkdirSync(join(folder, 'web-beside'));
  writeFileSync(join(folder, 'secret.txt'), 'top secret');
  writeFileSync(join(folder, 'web-beside', 'secret.txt'), 'top secret');
  writeFileSync(join(folder, 'web', 'index.html'), '<!doctype html><script nonce="__CSP_NONCE__"></script>');
  writeFileSync(join(folder, 'web', 'assets', 'app.js'), 'export {};');
  const app = createApi(fakeApi().ports, { webRoot: join(folder, 'web'), onCrash: (thrown) => crashes.push(thrown) });
  server = await startHttpServer((request, env) => app.fetch(request, env), { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await server.close(0);
  rmSync(folder, { recursive: true, force: true });
});

/** Asks for a path as it is written: `fetch` would tidy it. */
function raw(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(server.listen.port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`),
    );
    socket.setEncoding('utf8');
    socket.on('data', (part) => {
      text += part;
    });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}

describe('the files of the dashboard', () => {
  it('are served with their type, its page with a nonce of its own each time', async () => {
    expect(await raw('/assets/app.js')).toMatch(/^HTTP\/1\.1 200 .*text\/javascript.*immutable|export \{\};/s);
    const pages = await Promise.all([raw('/'), raw('/targets/shop-web')]);
    const nonces = pages.map((text) => /<script nonce="([\w-]{20,})">/.exec(text)?.[1]);
    expect(new Set(nonces).size).toBe(2);
    for (const [at, text] of pages.entries()) expect(text).toContain(`'nonce-${nonces[at]}'`);
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '/../web-beside/secret.txt',
    '/..%2fweb-beside%2fsecret.txt',
    '//secret.txt',
    '/secret%00.txt',
    '/%zz.txt',
    '/%c0%ae%c0%ae/secret.txt',
    '/assets/%e0%80.js',
  ])('hold nothing else: %s', async (path) => {
    const text = await raw(path);
    expect(text).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(text).not.toContain('top secret');
    expect(crashes).toEqual([]);
  });
});
