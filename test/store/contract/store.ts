import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Open } from './fixture.ts';

/** What both handles promise, whatever the database. */
export function storeContract(open: Open): void {
  it('undoes all of a transaction that throws, and nothing of the one beside it', async () => {
    const { store, repos } = await open();
    const failing = store.write(async (q) => {
      await repos.meta.set(q, 'lost', 1);
      await repos.meta.set(q, 'lost too', 1);
      throw new Error('changed my mind');
    });
    const fine = store.write((q) => repos.meta.set(q, 'kept', 2));
    await expect(failing).rejects.toThrow('changed my mind');
    await fine;
    expect(await repos.meta.get('lost')).toBeUndefined();
    expect(await repos.meta.get('kept')).toBe(2);
  });

  it('shows readers nothing that is not committed', async () => {
    const { store, repos } = await open();
    await store.write(async (q) => {
      await repos.meta.set(q, 'half', true);
      expect(await repos.meta.get('half')).toBeUndefined();
    });
    expect(await repos.meta.get('half')).toBe(true);
    await store.write((q) => repos.meta.remove(q, 'half'));
    expect(await repos.meta.get('half')).toBeUndefined();
  });

  it('refuses to write through the reading handle', async () => {
    const { store } = await open();
    const disguised = store.read as unknown as Parameters<Parameters<typeof store.write>[0]>[0];
    await expect(async () => disguised.insert(store.t.meta).values({ key: 'a', value: 1 })).rejects.toThrow();
    expect(await store.read.select().from(store.t.meta)).toEqual([]);
  });

  it('keeps hostile text readable: NUL, half surrogates, quotes, any script', async () => {
    const { store, repos } = await open();
    const nasty = `a\0b \ud800 '"; DROP TABLE x;-- \u202e 漢字 🦑`;
    await store.write(async (q) => {
      await repos.meta.set(q, 'json', { nasty });
      await q.insert(store.t.journal).values({ id: '1', at: 1, actor: nasty, action: '', subject: '', details: null });
    });
    expect(JSON.stringify(await repos.meta.get('json'))).toBe(JSON.stringify({ nasty }));
    const [row] = await store.read.select().from(store.t.journal).where(eq(store.t.journal.id, '1'));
    expect(row?.actor).toBe(`a\ufffdb \ufffd '"; DROP TABLE x;-- \u202e 漢字 🦑`);
  });

  it('says how big it is and that it is sound', async () => {
    const { store } = await open();
    expect(await store.sizeBytes()).toBeGreaterThan(10_000);
    expect(await store.problems()).toEqual([]);
  });

  it('keeps many writers at once apart', async () => {
    const { store, repos } = await open();
    await store.write((q) => repos.meta.set(q, 'n', 0));
    const add = () =>
      store.write(async (q) => {
        await store.lockTable(q, 'meta');
        const [row] = await q.select().from(store.t.meta).where(eq(store.t.meta.key, 'n'));
        await repos.meta.set(q, 'n', Number(row?.value) + 1);
      });
    await Promise.all(Array.from({ length: 40 }, add));
    expect(await repos.meta.get('n')).toBe(40);
  });
}
