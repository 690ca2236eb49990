import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { recognise } from '../../src/net/recognise.ts';
import { type Service, startService } from '../../src/service.ts';
import { CHROMIUM, type Dashboard, openDashboard } from '../support/dashboard.ts';
import { type Nginx, startNginx } from './lab/nginx.ts';

let folder: string;
let nginx: Nginx;
let listener: Server;
let service: Service;
let dashboard: Dashboard;
const opened = (path: string) => dashboard.opened(path);

const TLS = 'ssl_certificate {dir}/cert.pem; ssl_certificate_key {dir}/key.pem; root {dir}/www;';

/** An old node, and beside it on the next address one that is better kept. */
const NODES = `
server { listen {https} ssl; ${TLS} ssl_protocols TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ALL:@SECLEVEL=0;
  ssl_prefer_server_ciphers on; add_header X-Frame-Options DENY; add_header Referrer-Policy unsafe-url; }
server { listen 127.0.0.2:{httpsPort} ssl; ${TLS} ssl_protocols TLSv1.2 TLSv1.3; add_header X-Frame-Options DENY;
  add_header Referrer-Policy no-referrer; }`;

beforeAll(async () => {
  expect(existsSync(CHROMIUM), 'Chromium is installed').toBe(true);
  folder = await mkdtemp(join(tmpdir(), 'seaworthy-pictures-'));
  nginx = await startNginx({ conf: NODES, files: { 'index.html': '<!doctype html><title>Shop</title>ok' } });
  listener = createServer().listen(0, '127.0.0.1');
  const config = join(folder, 'seaworthy.yaml');
  const port = new URL(nginx.https).port;
  await writeFile(
    config,
    `version: 1
targets:
  - { id: shop-web, endpoint: "${nginx.https}", addresses: ["127.0.0.1:${port}", "127.0.0.2:${port}"], audit: { every: 6h } }
  - { id: machine, host: local, firewall: { allow: [9], from: outside }, audit: { every: 6h } }
  - { id: idle, endpoint: "https://127.0.0.1:9/", audit: { every: 6h } }
`,
  );
  service = await startService({
    configPath: config,
    storeUrl: `sqlite:${join(folder, 'store.db')}`,
    listen: { host: '127.0.0.1', port: 0 },
    version: '0.0.0-test',
    env: { SEAWORTHY_LOG: 'silent' },
    recognise,
  });
  dashboard = await openDashboard(service);
  // The first audits run by themselves; every test below looks at what they saw.
  for (const id of ['shop-web', 'machine', 'idle']) {
    await vi.waitFor(
      async () => {
        const answer = await dashboard.context.request.get(`${service.url}/api/v1/targets/${id}/scorecard`);
        expect(answer.status(), id).toBe(200);
      },
      { timeout: 240_000, interval: 500 },
    );
  }
}, 300_000);
afterAll(async () => {
  await dashboard?.browser.close();
  await service?.stop();
  await nginx?.stop();
  await new Promise((resolve) => (listener ? listener.close(resolve) : resolve(null)));
  await rm(folder, { recursive: true, force: true });
});

/** Opens a view of a target by its tab, as a reader does. */
async function view(target: string, tab: string): Promise<Page> {
  const page = await opened(`/targets/${target}`);
  await page.getByRole('tab', { name: tab }).click();
  return page;
}

describe('the pictures of a target', () => {
  it('give the verdict on each header and the line to add for the server that is chosen', async () => {
    const page = await view('shop-web', 'Headers');
    const item = page
      .getByRole('list', { name: 'headers' })
      .getByRole('listitem')
      .filter({ hasText: 'X-Content-Type-Options' });
    await item.getByText('not sent').waitFor();
    await item.getByText('add_header X-Content-Type-Options "nosniff" always;').waitFor();
    await page.getByText('Apache', { exact: true }).click();
    await item.getByText('Header always set X-Content-Type-Options "nosniff"').waitFor();
    expect(page.url()).toContain('server=apache');
    await page
      .getByRole('region', { name: 'everything at once' })
      .getByText('Header onsuccess unset Referrer-Policy')
      .waitFor();
    const fine = page.getByRole('listitem').filter({ hasText: 'X-Frame-Options: DENY' });
    await fine.getByRole('img', { name: 'passes' }).waitFor();
    expect(await fine.getByRole('button', { name: /copy/ }).count()).toBe(0);
    await page.close();
  });

  it('let the line be copied by keyboard', async () => {
    await dashboard.context.grantPermissions(['clipboard-read', 'clipboard-write'], {
      origin: new URL(service.url).origin,
    });
    const page = await opened('/targets/shop-web?view=headers');
    const copy = page.getByRole('button', { name: 'copy the line for X-Content-Type-Options' });
    await copy.focus();
    await page.keyboard.press('Enter');
    await copy.getByText('copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      'add_header X-Content-Type-Options "nosniff" always;',
    );
    await page.close();
  });

  it('show which suite is in which protocol and where in its order, and one line for the address that differs', async () => {
    const page = await view('shop-web', 'TLS');
    const matrix = page.getByRole('table', { name: 'suites by protocol' });
    const weak = matrix.getByRole('row').filter({ hasText: 'TLS_ECDH_anon_WITH_AES_256_CBC_SHA' });
    await weak.getByRole('img', { name: 'weak' }).waitFor();
    // Name, key exchange, bits, then TLS 1.3 to SSL 2.
    const cells = await weak.getByRole('cell').allTextContents();
    expect(cells.slice(0, 3)).toEqual(['ECDHE', '256', '·']);
    expect(Number(cells[3])).toBeGreaterThan(1);
    expect(Number(cells[4])).toBeGreaterThan(0);
    expect(cells.slice(5)).toEqual(['', '', '']);
    await page.getByText('secp256r1').first().waitFor();
    // The other node has no TLS 1.1, and none of those suites.
    const other = page.getByRole('list', { name: 'addresses that differ' }).getByRole('listitem');
    await other.filter({ hasText: 'TLSv1.1 off' }).getByRole('button').click();
    await matrix.getByRole('columnheader', { name: 'TLS 1.1 off' }).waitFor();
    expect(await weak.count()).toBe(0);
    expect(new URL(page.url()).searchParams.get('address')).toMatch(/^127\.0\.0\.2:/);
    await page.close();
  });

  it('show the life of the certificate: first and last day, today and when to renew', async () => {
    const page = await view('shop-web', 'TLS');
    const certificates = page.getByRole('region', { name: 'certificates' });
    await certificates
      .getByRole('img', { name: /^127\.0\.0\.1: \d{4}-\d\d-\d\d to .* renew at .* (29|30) days left$/ })
      .waitFor();
    await certificates.getByText('not trusted').waitFor();
    await page.close();
  });

  it("show a host's ports with what listens there and what was declared", async () => {
    const page = await view('machine', 'Ports');
    const ports = page.getByRole('table', { name: 'ports' });
    const address = listener.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const row = ports.getByRole('row').filter({ has: page.getByRole('rowheader', { name: `${port} tcp` }) });
    await row.getByText('local').waitFor();
    await row.getByText('127.0.0.1').waitFor();
    await page.close();
  });

  it('say why there is none where nothing could be looked at', async () => {
    const page = await view('idle', 'TLS');
    await page.getByText('Nothing could be told of this address').or(page.getByText('Nothing to show')).waitFor();
    await page.close();
  });

  it.each(['headers', 'tls'])('fit a phone: %s', async (name) => {
    const page = await opened(`/targets/shop-web?view=${name}`);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByText('as seen').waitFor();
    expect(
      await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    ).toBeLessThanOrEqual(0);
    await page.close();
  });

  it('fit a phone: ports', async () => {
    const page = await opened('/targets/machine?view=ports');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByText('as seen').waitFor();
    expect(
      await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    ).toBeLessThanOrEqual(0);
    await page.close();
  });

  it('broke no rule of the policy and wrote no error', () => {
    expect(dashboard.complaints).toEqual([]);
  });
});
