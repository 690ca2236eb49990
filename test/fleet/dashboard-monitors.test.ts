import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MonitorItem } from '../../src/api/monitors.ts';
import { pageOf } from '../../src/api/paging.ts';
import { type ServedDashboard, serveDashboard } from '../support/served-dashboard.ts';

const at = '2026-11-20T12:00:00.000Z';
const MANY = Array.from({ length: 10_000 }, (_, n): MonitorItem => {
  const id = `m${String(n).padStart(5, '0')}`;
  return {
    id,
    target: id,
    name: `Shop ${id}`,
    kind: 'http',
    state: n % 100 === 0 ? 'down' : 'up',
    since: at,
    lastBeatAt: at,
    latencyMs: 12,
    reason: n % 100 === 0 ? 'answered 503' : null,
    uptime: { day: 1, week: 0.999, month: null },
    spark: { from: at, stepMs: 3_600_000, latencyMs: Array(24).fill(12), seen: `${'u'.repeat(23)}d` },
  };
});

let served: ServedDashboard;
const asked: URL[] = [];

/** The list of a fleet of 10,000, answered as the service would. */
async function withMany(page: Page): Promise<void> {
  await page.route('**/api/v1/monitors?*', async (route) => {
    const url = new URL(route.request().url());
    asked.push(url);
    const q = url.searchParams.get('q') ?? '';
    const state = url.searchParams.get('state');
    const matching = MANY.filter((one) => one.name.includes(q) && (state === null || one.state === state));
    const cursor = url.searchParams.get('cursor') ?? undefined;
    const listed = pageOf(matching, (one) => one.id, { limit: Number(url.searchParams.get('limit')), cursor });
    const counts = { up: 9_900, down: 100, unknown: 0 };
    await route.fulfill({ json: { ...listed, total: matching.length, counts } });
  });
}

beforeAll(async () => {
  served = await serveDashboard(
    'version: 1\ntargets:\n  - { id: a, endpoint: "http://127.0.0.1:9/", monitor: { every: 1h } }\n',
  );
});
afterAll(() => served?.close());

describe('a list of ten thousand monitors', () => {
  it('shows the first rows, keeps few rows in the page, and reaches the last by scrolling', async () => {
    const page = await served.dashboard.opened('/checks');
    await withMany(page);
    await page.goto(`${served.service.url}/monitors`);
    await page.getByRole('link', { name: 'Shop m00000' }).waitFor();
    const rows = page.getByRole('row');
    expect(await rows.count()).toBeLessThan(60);
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe('10001');
    expect(asked.filter((url) => url.searchParams.get('limit') === '500').length).toBeLessThanOrEqual(2);
    await page.getByRole('heading', { name: 'Monitors' }).click();
    await page.keyboard.press('End');
    await page.getByRole('link', { name: 'Shop m09999' }).waitFor();
    expect(await rows.count()).toBeLessThan(60);
    await page.keyboard.press('Home');
    await page.getByRole('link', { name: 'Shop m00000' }).waitFor();
    await page.close();
  });

  it('searches and filters at the service, and the address keeps both', async () => {
    const page = await served.dashboard.opened('/checks');
    await withMany(page);
    await page.goto(`${served.service.url}/monitors`);
    await page.getByText('down 100').click();
    await page.getByLabel('search monitors').fill('m097');
    await page.getByRole('link', { name: 'Shop m09700' }).waitFor();
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    expect(page.url()).toContain('state=down');
    expect(page.url()).toContain('q=m097');
    await page.reload();
    await page.getByRole('link', { name: 'Shop m09700' }).waitFor();
    expect(await page.getByLabel('search monitors').inputValue()).toBe('m097');
    await page.getByText('answered 503').waitFor();
    await page.getByRole('img', { name: 'down in 1 of 24 hours' }).waitFor();
    await page.close();
  });

  it('is walked through by keyboard: focus brings the rows that come next', async () => {
    const page = await served.dashboard.opened('/checks');
    await withMany(page);
    await page.goto(`${served.service.url}/monitors?q=m0`);
    await page.getByRole('link', { name: 'Shop m00000' }).focus();
    const focused = () => page.evaluate('document.activeElement.textContent');
    for (let n = 0; n < 60; n += 1) {
      await page.keyboard.press('Tab');
      await expect.poll(focused).toBe(`Shop m${String(n + 1).padStart(5, '0')}`);
    }
    await page.close();
  });

  it('fits a phone', async () => {
    const page = await served.dashboard.opened('/checks');
    await withMany(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${served.service.url}/monitors`);
    await page.getByRole('link', { name: 'Shop m00000' }).waitFor();
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await page.getByRole('img', { name: 'down in 1 of 24 hours' }).first().isVisible()).toBe(true);
    await page.close();
  });

  it('broke no rule of its own policy and wrote no error', () => {
    expect(served.dashboard.complaints).toEqual([]);
  });
});
