import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { and, getTableColumns, inArray, isNotNull, lt } from 'drizzle-orm';
import type { Collected } from '../../core/collected.ts';
import { AppError, EXIT } from '../../core/error.ts';
import { type FactBundle, fromFactsEntry } from '../../core/facts/bundle.ts';
import { FACT_KEYS } from '../../core/facts/index.ts';
import type { Target } from '../../core/target.ts';
import { chunks } from '../sql.ts';
import type { Store, Tx } from '../store.ts';
import type { FactsManifest } from '../tables/audits.ts';

const compress = promisify(brotliCompress);
const expand = promisify(brotliDecompress);
/** A stored fact is never bigger than what probes may collect; a damaged row must not fill the memory. */
const MAX_FACT_BYTES = 256 * 1024 * 1024;

/** A bundle ready to be stored: the manifest goes into the audit's row, the parts into `facts`. */
export interface PackedFacts {
  manifest: FactsManifest;
  /** Equal for two audits that saw the same. */
  hash: string;
  parts: { hash: string; size: number; body: Buffer }[];
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 32);

/** Hashes and compresses; slow, so it is done before the transaction. `at` and `ms` do not count as content. */
export async function packFacts(bundle: FactBundle, target: Target): Promise<PackedFacts> {
  const texts = new Map<string, string>();
  const add = (value: unknown): string => {
    const text = JSON.stringify(value);
    const hash = digest(text);
    texts.set(hash, text);
    return hash;
  };
  const parts: FactsManifest['parts'] = {};
  for (const key of FACT_KEYS) {
    const collected: Collected<unknown> | undefined = bundle.facts[key];
    if (!collected) continue;
    const { at, ms } = collected;
    parts[key] = collected.ok ? { hash: add(collected.value), at, ms } : { absence: collected.absence, at, ms };
  }
  const manifest = { kind: bundle.kind, collectedAt: bundle.collectedAt, target: add(target), parts };
  const content = Object.entries(parts).map(([key, part]) => [key, 'hash' in part ? part.hash : part.absence]);
  return {
    manifest,
    hash: digest(JSON.stringify([manifest.target, content])),
    parts: await Promise.all(
      [...texts].map(async ([hash, text]) => {
        const raw = Buffer.from(text);
        const body = await compress(raw, {
          params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length },
        });
        return { hash, size: raw.length, body };
      }),
    ),
  };
}

export function factsRepository(store: Store) {
  const { t, read } = store;
  const { facts, audits } = t;
  return {
    /** Keeps what is not there yet. To be called in the transaction that saves the audit. */
    async save(q: Tx, packed: PackedFacts, now: number): Promise<void> {
      for (const part of packed.parts) {
        await q
          .insert(facts)
          .values({ ...part, encoding: 'br', createdAt: now })
          .onConflictDoNothing();
      }
    },

    /** The facts of an audit, parsed by their schemas, and the target as it was then. */
    async load(targetId: string, manifest: FactsManifest): Promise<{ bundle: FactBundle; target: Target | null }> {
      const parts = Object.values(manifest.parts);
      const hashes = [manifest.target, ...parts.map((part) => ('hash' in part ? part.hash : null))];
      const wanted = [...new Set(hashes.filter((hash) => hash !== null))];
      const values = new Map<string, unknown>();
      for (const row of await read.select(getTableColumns(facts)).from(facts).where(inArray(facts.hash, wanted))) {
        const raw = await expand(row.body, { maxOutputLength: Math.min(row.size, MAX_FACT_BYTES) });
        values.set(row.hash, JSON.parse(raw.toString('utf8')));
      }
      const value = (hash: string): unknown => {
        if (values.has(hash)) return values.get(hash);
        throw new AppError('facts-missing', `the facts of this audit of "${targetId}" are no longer kept`, {
          hint: 'audit the target again',
          exit: EXIT.couldNotLook,
        });
      };
      const recorded = Object.entries(manifest.parts).map(([key, part]) => [
        key,
        'hash' in part
          ? { ok: true, value: value(part.hash), ms: part.ms }
          : { ok: false, absence: part.absence, ms: part.ms },
      ]);
      const bundle = fromFactsEntry({
        id: targetId,
        kind: manifest.kind,
        collectedAt: new Date(manifest.collectedAt).toISOString(),
        facts: Object.fromEntries(recorded),
      });
      for (const key of FACT_KEYS) {
        const collected = bundle.facts[key];
        const part = manifest.parts[key];
        if (collected && part) collected.at = part.at;
      }
      return { bundle, target: manifest.target === null ? null : (value(manifest.target) as Target) };
    },

    /** Lets audits that finished before `before` forget their facts; `sweep` then frees the room. */
    async forget(q: Tx, before: number): Promise<number> {
      const gone = await q
        .update(audits)
        .set({ facts: null })
        .where(and(lt(audits.finishedAt, before), isNotNull(audits.facts)))
        .returning({ id: audits.id });
      return gone.length;
    },

    /** Deletes facts that no audit refers to. Answers how many. */
    async sweep(q: Tx): Promise<number> {
      await store.lockTable(q, 'facts'); // an audit being saved may refer to a fact that nobody else does
      const used = new Set<string>();
      const rows = await q.select({ facts: audits.facts }).from(audits).where(isNotNull(audits.facts));
      for (const { facts: manifest } of rows) {
        if (!manifest) continue;
        if (manifest.target !== null) used.add(manifest.target);
        for (const part of Object.values(manifest.parts)) if ('hash' in part) used.add(part.hash);
      }
      const there = await q.select({ hash: facts.hash }).from(facts);
      const orphans = there.map((row) => row.hash).filter((hash) => !used.has(hash));
      for (const part of chunks(orphans)) await q.delete(facts).where(inArray(facts.hash, part));
      return orphans.length;
    },
  };
}
