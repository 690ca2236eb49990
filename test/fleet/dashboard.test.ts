import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Service, startService } from '../../src/service.ts';
import { CHROMIUM, type Dashboard, openDashboard } from '../support/dashboard.ts';

let folder: string;
let shop: Server;
let answering = true;
let service: Service;
let dashboard: Dashboard;
const opened = (path: string) => dashboard.opened(path);

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** `g` and a letter, again if the machine was too busy to see both as one chord. */
async function goTo(page: Page, letter: string, path: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.keyboard.press('g');
        await page.keyboard.press(letter);
        return new URL(page.url()).pathname;
      },
      { timeout: 60_000, interval: 500 },
    )
    .toBe(path);
}

beforeAll(async () => {
  expect(existsSync(CHROMIUM), 'Chromium is installed').toBe(true);
  folder = await mkdtemp(join(tmpdir(), 'seaworthy-dashboard-'));
  shop = createServer((_request, response) => {
    response.statusCode = answering ? 200 : 503;
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.end('<!doctype html><title>Shop</title>ok');
  });
  const port = await listening(shop);
  const config = join(folder, 'seaworthy.yaml');
  await writeFile(
    config,
    `version: 1
services:
  - { id: shop, name: Shop, owner: payments, tier: 1, environment: production }
targets:
  - { id: shop-web, service: shop, endpoint: "http://127.0.0.1:${port}/", audit: { every: 6h }, monitor: { every: 1s, timeout: 5s, downAfter: 1, upAfter: 1 } }
  - { id: shop-repo, service: shop, repository: ${folder}, audit: { every: 6h } }
`,
  );
  service = await startService({
    configPath: config,
    storeUrl: `sqlite:${join(folder, 'store.db')}`,
    listen: { host: '127.0.0.1', port: 0 },
    version: '0.0.0-test',
    env: { SEAWORTHY_LOG: 'silent' },
    recognise: async () => 'http',
  });
  dashboard = await openDashboard(service);
});
afterAll(async () => {
  await dashboard?.browser.close();
  await service?.stop();
  await new Promise((resolve) => shop?.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

describe('the dashboard in a real browser', () => {
  it('shows the grid of services, and a cell leads to the findings behind it', async () => {
    const page = await opened('/');
    await page.getByRole('link', { name: 'Shop', exact: true }).first().click();
    await page.getByRole('heading', { name: 'Shop' }).waitFor();
    await page.getByRole('link', { name: 'shop-web' }).click();
    await page.getByText('headers.csp', { exact: true }).first().waitFor();
    expect(page.url()).toContain('/targets/shop-web');
    await page.close();
  });

  it('opens a finding to its evidence, and keeps the filter in the address', async () => {
    const page = await opened('/targets/shop-web');
    await page.getByLabel('search findings').fill('nosniff');
    await page.getByText(/^all \d+$/).click();
    await page.getByRole('button', { name: /headers.content-type-options/ }).click();
    await page.getByText('the page is sent with nosniff').first().waitFor();
    await page.getByText('fetch.spec.whatwg.org').waitFor();
    expect(page.url()).toContain('q=nosniff');
    const same = await opened(page.url().replace(service.url, ''));
    await same.getByText('fetch.spec.whatwg.org').waitFor();
    await same.close();
    await page.close();
  });

  it('is reachable by keyboard alone', async () => {
    const page = await opened('/');
    await page.getByRole('heading', { name: 'Down or firing now' }).waitFor();
    await goTo(page, 'c', '/checks');
    await page.getByRole('heading', { name: 'Checks', level: 1 }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('csp-base');
    await page.getByRole('link', { name: 'headers.csp-base-uri' }).waitFor();
    expect(await page.getByRole('link', { name: 'headers.csp', exact: true }).count()).toBe(0);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Why it matters' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.close();
  });

  it('follows what happens without being asked again', async () => {
    const page = await opened('/monitors');
    await page
      .getByRole('row', { name: /shop-web/ })
      .getByText('up', { exact: true })
      .waitFor();
    answering = false;
    await page
      .getByRole('row', { name: /shop-web/ })
      .getByText('down', { exact: true })
      .waitFor();
    answering = true;
    await page
      .getByRole('row', { name: /shop-web/ })
      .getByText('up', { exact: true })
      .waitFor();
    await page.close();
  });

  it.each([
    '/',
    '/targets',
    '/targets/shop-web',
    '/services',
    '/services/shop',
    '/monitors',
    '/monitors/shop-web',
    '/incidents',
    '/checks',
    '/checks/headers.csp',
    '/audits',
    '/nowhere',
  ])('fits a phone at %s', async (path) => {
    const page = await opened(path);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('main').getByRole('heading').or(page.getByText('There is no such page')).first().waitFor();
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await page.close();
  });

  it('has light and dark', async () => {
    const page = await opened('/');
    const colour = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await colour();
    await page.getByRole('button', { name: 'switch to dark' }).click();
    await expect.poll(colour).not.toBe(light);
    await page.close();
  });

  it('says what to do where there is nothing, and what went wrong where it cannot load', async () => {
    const page = await opened('/incidents?state=resolved');
    await page.getByText('No incidents').or(page.getByRole('row').first()).first().waitFor();
    await page.route('**/api/v1/targets?*', (route) => route.abort());
    await goTo(page, 't', '/targets');
    await page.getByRole('alert').getByText('does not answer').waitFor();
    const { complaints } = dashboard;
    complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes('ERR_FAILED')));
    await page.close();
  });

  it('shows nothing to somebody who is not logged in', async () => {
    const stranger = await dashboard.browser.newContext();
    const page = await stranger.newPage();
    await page.goto(service.url);
    await page.getByRole('link', { name: 'Log in with a link or a token' }).waitFor();
    expect(await page.content()).not.toContain('shop-web');
    await stranger.close();
  });

  it('broke no rule of its own policy and wrote no error on any of these pages', () => {
    expect(dashboard.complaints).toEqual([]);
  });
});
