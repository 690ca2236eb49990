import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { auditReportSchema } from '../../src/core/report.ts';
import { rawServer } from '../support/hostile.ts';
import { cli } from './support.ts';

type Behave = (socket: Socket, head: string) => void;

/** Writes without end until the other side has had enough. */
function endless(socket: Socket, chunk: string): void {
  const more = () => {
    while (socket.writable && socket.write(chunk)) {
      // goes on until the buffer is full
    }
  };
  socket.on('drain', more);
  more();
}

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n';
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));

/** Servers that one meets, and what an audit of their headers ends with. */
const SERVERS: [string, Behave, { code: number; says?: RegExp }][] = [
  ['resets the connection', (socket) => socket.resetAndDestroy(), { code: 3, says: /reset/ }],
  ['closes without a word', (socket) => void socket.end(), { code: 3 }],
  ['never answers', () => {}, { code: 3, says: /2 s|timed out|no complete answer/ }],
  [
    'answers one byte at a time',
    (socket) => {
      let sent = 0;
      const drip = setInterval(() => socket.write(`${HEAD}X-Slow: ${'a'.repeat(10_000)}`[sent++] ?? 'a'), 20);
      socket.on('close', () => clearInterval(drip));
    },
    { code: 3, says: /2 s|timed out|no complete answer/ },
  ],
  ['answers with garbage', (socket) => void socket.end('\u0000\u0001\u0002 not http\r\n\r\n'), { code: 3 }],
  ['speaks SSH', (socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n'), { code: 3 }],
  [
    'sends headers without end',
    (socket) => {
      socket.write(HEAD);
      return endless(socket, 'X-More: aaaaaaaaaaaaaaaa\r\n');
    },
    { code: 3 },
  ],
  [
    'sends invalid header bytes',
    (socket) => void socket.end(`${HEAD}X-\u0000Bad: \u001b[31m\r\nContent-Length: 0\r\n\r\n`),
    { code: 3 },
  ],
  [
    'sends a body without end',
    (socket) => {
      socket.write(`${HEAD}\r\n`);
      return endless(socket, 'a'.repeat(65_536));
    },
    { code: 0 },
  ],
  [
    'redirects in a circle',
    (socket) => void socket.end('HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
    { code: 3, says: /redirect/ },
  ],
  [
    'sends a gzip bomb',
    (socket) => {
      socket.write(`${HEAD}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\nConnection: close\r\n\r\n`);
      socket.end(bomb);
    },
    { code: 0 },
  ],
];

describe('a server that', () => {
  it.each(SERVERS)('%s gives a verdict or a reason, in bounded time and memory', async (_name, behave, expected) => {
    const server = await rawServer(behave);
    const before = process.memoryUsage().rss;
    const only = ['--only', 'headers.content-type-options,headers.csp', '--timeout', '2s', '--format', 'json'];
    const { code, out, err } = await cli(['audit', server.url, ...only]);
    await server.close();
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    expect(err).not.toMatch(/bug|\n\s+at |broke/);
    const findings = auditReportSchema.parse(JSON.parse(out)).targets.flatMap((target) => target.findings);
    expect(findings).toHaveLength(2);
    if (expected.says) expect(findings[0]?.message).toMatch(expected.says);
    for (const finding of findings) expect(finding.status, finding.message).toBe(code === 3 ? 'unknown' : 'fail');
    expect({ code, why: findings[0]?.message }).toEqual({ code: expected.code, why: expect.any(String) });
  });

  it('speaks plain HTTP where TLS is expected', async () => {
    const server = await rawServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const { code, out } = await cli([
      'audit',
      `https://127.0.0.1:${server.port}/`,
      '--only',
      'headers.csp',
      '--timeout',
      '2s',
    ]);
    await server.close();
    expect(code).toBe(3);
    expect(out).toMatch(/could not look/);
  });

  it('has a name that does not resolve', async () => {
    const { code, out } = await cli(['audit', 'https://nowhere.invalid/', '--only', 'headers.csp']);
    expect(code).toBe(3);
    expect(out).toMatch(/could not look/);
  });
});
