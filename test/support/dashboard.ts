import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Service } from '../../src/service.ts';

export const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The dashboard of a service in a real browser, logged in. */
export interface Dashboard {
  browser: Browser;
  context: BrowserContext;
  /** Everything that a browser complains of, on any page. */
  complaints: string[];
  opened(path: string): Promise<Page>;
}

export async function openDashboard(service: Pick<Service, 'url' | 'loginUrl'>): Promise<Dashboard> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  // CI is slow and shared: what is waited for comes, but not soon.
  context.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  const watched = (page: Page): Page => {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
    return page;
  };
  const login = watched(await context.newPage());
  await login.goto(service.loginUrl);
  await login.getByRole('heading', { name: 'Services and their fitness' }).waitFor();
  await login.close();
  return {
    browser,
    context,
    complaints,
    async opened(path) {
      const page = watched(await context.newPage());
      await page.addInitScript({
        content: `document.addEventListener('securitypolicyviolation', (event) => console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI));`,
      });
      await page.goto(new URL(path, service.url).href);
      return page;
    },
  };
}
