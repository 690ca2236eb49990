import { storeName, storeUrl } from '../config/store-location.ts';
import { addDataOption, withStore } from './store.ts';
import type { Define } from './verbs.ts';

export const define: Define = (command, io) => {
  addDataOption(command).action(async ({ data }: { data?: string }) => {
    await withStore(data, io, async () => undefined);
    await io.out(`${storeName(storeUrl(data, io.env))} is up to date\n`);
  });
};
