import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { deliver, incident, message, openKind } from '../channels/support.ts';

/** A real Alertmanager that tells a receiver of ours what it holds. */
let dir: string;
let alertmanager: ChildProcess;
let url: string;
const told: { status: string; labels: Record<string, string> }[] = [];
const receiver = createServer((request, response) => {
  let body = '';
  request.on('data', (part) => (body += part));
  request.on('end', () => {
    told.push(...JSON.parse(body).alerts);
    response.end();
  });
});

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'seaworthy-alertmanager-'));
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const config = `route: { receiver: us, group_by: [incident], group_wait: 1s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - name: us
    webhook_configs: [{ url: "http://127.0.0.1:${(receiver.address() as AddressInfo).port}/", send_resolved: true }]
`;
  writeFileSync(join(dir, 'config.yml'), config);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  alertmanager = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${join(dir, 'config.yml')}`,
      `--storage.path=${join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  );
  await vi.waitFor(async () => expect((await fetch(`${url}/-/ready`)).ok).toBe(true), {
    timeout: 60_000,
    interval: 100,
  });
});
afterAll(async () => {
  alertmanager.kill('SIGKILL');
  await new Promise((resolve) => receiver.close(resolve));
  rmSync(dir, { recursive: true, force: true });
});

describe('the alertmanager channel', () => {
  it('opens an alert and ends the same one, although its severity changed meanwhile', async () => {
    const channel = openKind('alertmanager', { url });
    const now = Date.now();
    const openedAt = new Date(now - 60_000).toISOString();
    const first = await deliver(channel, { ...message('open', { incidents: [incident({ openedAt })] }), now });
    expect(first).toMatchObject({ outcome: 'sent' });
    const held = async () => (await fetch(`${url}/api/v2/alerts`)).json();
    await expect.poll(() => told.map(({ status }) => status), { timeout: 60_000 }).toEqual(['firing']);
    expect(await held()).toHaveLength(1);
    const receipts = new Map([['i1', first.outcome === 'sent' ? (first.receipt ?? '') : '']]);
    const ended = incident({
      openedAt,
      state: 'resolved',
      severity: 'critical',
      resolvedAt: new Date(now).toISOString(),
    });
    const last = await deliver(channel, { ...message('resolved', { incidents: [ended] }, { receipts }), now });
    expect(last).toMatchObject({ outcome: 'sent' });
    await expect.poll(() => told.map(({ status }) => status), { timeout: 60_000 }).toEqual(['firing', 'resolved']);
    expect(told[1]?.labels).toEqual(told[0]?.labels);
    expect(await held()).toEqual([]);
  });

  it('is told of an alert that is none', async () => {
    const answer = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '[{"labels":{"0":"x"}}]',
    });
    expect(answer.status).toBe(400);
    const odd = incident({ id: 'i2', labels: { 'not-a-label': 'x', ünï: 'y', fine: 'z' } });
    expect(await deliver(openKind('alertmanager', { url }), message('open', { incidents: [odd] }))).toMatchObject({
      outcome: 'sent',
    });
  });
});

async function freePort(): Promise<number> {
  const probe = createSocket();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
