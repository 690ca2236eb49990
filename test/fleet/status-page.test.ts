import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServedDashboard, serveDashboard } from '../support/served-dashboard.ts';

let served: ServedDashboard;

beforeAll(async () => {
  served = await serveDashboard(`version: 1
targets:
  - { id: shown, name: The shown one, endpoint: "http://127.0.0.1:9/", monitor: { every: 1s, downAfter: 1 } }
  - { id: hidden, name: The hidden one, endpoint: "http://127.0.0.1:9/", monitor: { every: 1s, downAfter: 1 } }
publish: { status: [shown], badges: [shown] }
`);
});
afterAll(() => served?.close());

it('is read by a stranger in a browser without JavaScript, on a wide screen and on a phone', async () => {
  const stranger = await served.dashboard.browser.newContext({ javaScriptEnabled: false });
  const page = await stranger.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto(`${served.service.url}/status`);
    await page.getByRole('heading', { name: /The shown one/ }).waitFor();
    await page.getByRole('img', { name: /The shown one: .* up in 90 days/ }).waitFor();
    await page.getByRole('link', { name: 'feed' }).waitFor();
    expect(await page.content()).not.toContain('The hidden one');
    const box = await page.locator('main').boundingBox();
    expect(box?.width).toBeLessThanOrEqual(width);
  }
  expect(complaints).toEqual([]);
  await stranger.close();
});
