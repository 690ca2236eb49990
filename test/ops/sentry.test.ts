import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { createCrashReporter } from '../../src/ops/sentry.ts';

const received: { url: string; auth: string; lines: string[] }[] = [];
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const raw = Buffer.concat(parts);
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString('utf8');
    received.push({
      url: request.url ?? '',
      auth: String(request.headers['x-sentry-auth'] ?? ''),
      lines: text.split('\n'),
    });
    response.setHeader('content-type', 'application/json').end('{}');
  });
});
const listening = new Promise<number>((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
});
afterAll(() => server.close());

it('does nothing without a DSN', async () => {
  const reporter = await createCrashReporter(undefined, { version: '1.2.3' });
  reporter.report(new Error('nobody hears this'), 'test');
  await reporter.flush(10);
  expect(received).toEqual([]);
});

it('sends an envelope with release, place and cause, and no secret', async () => {
  const reporter = await createCrashReporter(`http://public@127.0.0.1:${await listening}/42`, { version: '1.2.3' });
  const cause = new Error('postgres://app:hunter2@db/x refused');
  reporter.report(new Error('saving with sw_abcdefghijklmnopqrstuvwxyz0123 failed', { cause }), 'audit');
  await reporter.flush(5_000);
  const envelope = received.find((one) => one.lines.some((line) => line.includes('"type":"event"')));
  expect(envelope?.url).toMatch(/^\/api\/42\/envelope\//);
  const event = JSON.parse(envelope?.lines[2] ?? '{}');
  expect(event).toMatchObject({ release: 'seaworthy@1.2.3', environment: 'production', tags: { where: 'audit' } });
  const messages = event.exception.values.map((one: { value: string }) => one.value);
  expect(messages).toEqual(['postgres://app:[hidden]@db/x refused', 'saving with [hidden] failed']);
  expect(event.exception.values[1].stacktrace.frames.length).toBeGreaterThan(0);
  expect(received.flatMap((one) => one.lines).join('\n')).not.toContain('hunter2');
});
