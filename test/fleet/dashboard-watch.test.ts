import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedDashboard, serveDashboard } from '../support/served-dashboard.ts';

let served: ServedDashboard;
let receiver: Server;
let shop: Server;
let answering = true;

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

beforeAll(async () => {
  shop = createServer((_request, response) => {
    response.statusCode = answering ? 200 : 503;
    response.end('ok');
  });
  receiver = createServer((request, response) => {
    request.resume();
    response.end();
  });
  const shopPort = await listening(shop);
  const hookPort = await listening(receiver);
  served = await serveDashboard(`version: 1
services:
  - { id: shop, name: Shop, runbook: "https://wiki.example/shop" }
targets:
  - { id: shop-web, service: shop, endpoint: "http://127.0.0.1:${shopPort}/", audit: { every: 6h }, monitor: { every: 1s, downAfter: 1, upAfter: 1 } }
alerting:
  channels:
    hook: { webhook: { url: "http://127.0.0.1:${hookPort}/" } }
  people:
    ana: { name: Ana, channels: [hook] }
    ben: { name: Ben, channels: [hook] }
  schedules:
    primary:
      timeZone: Europe/Lisbon
      layers: [{ people: [ana], rotate: weekly, handoff: "Mon 09:00", from: 2026-01-05, restrict: { start: "08:00", end: "20:00" } }]
  escalations:
    default: { steps: [{ notify: [schedule:primary] }, { after: 10m, notify: [person:ben] }] }
  routes:
    - { match: { target: shop-web, severity: [critical, high] }, channel: hook, groupWait: 0s, groupInterval: 1s, continue: true }
    - { match: { severity: critical }, escalation: default }
`);
});
afterAll(async () => {
  await served?.close();
  for (const server of [shop, receiver]) await new Promise((resolve) => server?.close(resolve));
});

const opened = (path: string) => served.dashboard.opened(path);

describe('the pages of watching and waking', () => {
  it('tells on an incident who was told by which channel, leads to the runbook, and takes what people do', async () => {
    answering = false;
    const page = await opened('/incidents');
    await page
      .getByRole('link', { name: /is down|503|shop-web/i })
      .first()
      .waitFor();
    await page
      .getByRole('link', { name: /is down/i })
      .first()
      .click();
    const told = page.getByRole('region', { name: 'Who was told' });
    await told.getByText('hook').first().waitFor();
    await told.getByText('told', { exact: true }).first().waitFor();
    expect(await page.getByRole('link', { name: 'runbook' }).getAttribute('href')).toBe('https://wiki.example/shop');
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByRole('region', { name: 'Timeline' }).getByText('acknowledged', { exact: true }).waitFor();
    await page.getByLabel('Note').fill('the disk was full');
    await page.getByRole('button', { name: 'Add note' }).click();
    await page.getByText(/the disk was full/).waitFor();
    answering = true;
    await page.getByText('resolved', { exact: true }).first().waitFor();
    await page.close();
  });

  it('says on an open incident why it is held, and leads to the earlier one on the same key', async () => {
    const page = await opened('/quiet');
    const silences = page.getByRole('region', { name: 'Silences' });
    await silences.getByLabel('is one of').fill('shop-web');
    await silences.getByLabel('Why').fill('we know');
    await silences.getByRole('button', { name: 'Add' }).click();
    await silences.getByText('target = shop-web').first().waitFor();
    answering = false;
    await page.goto(`${served.service.url}/incidents`);
    await page
      .getByRole('link', { name: /is down/i })
      .first()
      .click();
    await page
      .getByRole('region', { name: 'Held now' })
      .getByText(/silence/i)
      .first()
      .waitFor();
    await page.getByRole('region', { name: 'The same before and after' }).getByRole('link').first().click();
    await page.getByText(/the disk was full/).waitFor();
    answering = true;
    await page.goto(`${served.service.url}/quiet`);
    await silences.getByRole('button', { name: 'end we know' }).click();
    await silences.getByText('Nothing is silenced').waitFor();
    await page.close();
  });

  it('shows the shifts of weeks with their gaps, and takes an override', async () => {
    const page = await opened('/oncall?weeks=2');
    const weeks = page.getByRole('region', { name: 'primary' });
    await weeks
      .getByRole('listitem', { name: /^Ana, / })
      .first()
      .waitFor();
    await weeks
      .getByRole('listitem', { name: /^nobody, / })
      .first()
      .waitFor();
    await weeks.getByRole('listitem', { name: 'now' }).waitFor();
    const overrides = page.getByRole('region', { name: 'Overrides' });
    await overrides.getByLabel('Person').selectOption('ben');
    await overrides.getByRole('button', { name: 'Take over' }).click();
    await page.getByRole('region', { name: 'On call now' }).getByText('Ben').waitFor();
    await weeks
      .getByRole('listitem', { name: /Ben \(override\)/ })
      .first()
      .waitFor();
    await overrides.getByRole('button', { name: 'end the override of Ben' }).click();
    await overrides.getByText('Nobody stands in for anybody.').waitFor();
    await page.close();
  });

  it('answers who would be told at an instant, and who not, and why', async () => {
    const page = await opened('/oncall');
    const test = page.getByRole('region', { name: 'Who would be told' });
    await test.getByLabel('Severity').selectOption('critical');
    await test.getByLabel('At', { exact: true }).fill('2026-11-25T03:00');
    await test.getByRole('button', { name: 'Ask' }).click();
    await test.getByText('Route 2 to default').waitFor();
    await test.getByText(/ben/i).first().waitFor();
    await test.getByRole('img', { name: 'not told' }).first().waitFor();
    await test
      .getByText(/nobody|no one/i)
      .first()
      .waitFor();
    await test.getByLabel('Severity').selectOption('low');
    await test.getByRole('button', { name: 'Ask' }).click();
    await test.getByText('Nobody is told: no route matches.').waitFor();
    await page.close();
  });

  it.each(['/oncall', '/quiet', '/monitors/shop-web?window=90d'])('fits a phone at %s', async (path) => {
    const page = await opened(path);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('load');
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await page.close();
  });

  it('broke no rule of its own policy and wrote no error', () => {
    expect(served.dashboard.complaints).toEqual([]);
  });
});
