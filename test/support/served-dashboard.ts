import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Service, startService } from '../../src/service.ts';
import { type Dashboard, openDashboard } from './dashboard.ts';

/** A service with this configuration and its dashboard in a real browser. */
export interface ServedDashboard {
  service: Service;
  dashboard: Dashboard;
  /** Of the store and the configuration. */
  folder: string;
  close(): Promise<void>;
}

export async function serveDashboard(config: string): Promise<ServedDashboard> {
  const folder = await mkdtemp(join(tmpdir(), 'seaworthy-pages-'));
  const configPath = join(folder, 'seaworthy.yaml');
  await writeFile(configPath, config);
  const service = await startService({
    configPath,
    storeUrl: `sqlite:${join(folder, 'store.db')}`,
    listen: { host: '127.0.0.1', port: 0 },
    version: '0.0.0-test',
    env: { SEAWORTHY_LOG: 'silent' },
    recognise: async () => 'http',
  });
  const dashboard = await openDashboard(service);
  return {
    service,
    dashboard,
    folder,
    async close() {
      await dashboard.browser.close();
      await service.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
