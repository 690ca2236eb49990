import { z } from 'zod';
import { absenceSchema, type Collected } from '../collected.ts';
import { AppError, EXIT } from '../error.ts';
import { targetKindSchema } from '../target.ts';
import { FACT_KEYS, FACTS, type FactKey, type FactMap } from './index.ts';

/** Everything that one audit saw of one target. `collectedAt` is epoch ms when gathering began. */
export interface FactBundle {
  targetId: string;
  kind: z.infer<typeof targetKindSchema>;
  collectedAt: number;
  facts: { [K in FactKey]?: Collected<FactMap[K]> };
}

const collectedSchema = z.union([
  z.object({ ok: z.literal(true), value: z.unknown(), ms: z.number() }),
  z.object({ ok: z.literal(false), absence: absenceSchema, ms: z.number() }),
]);

/** The facts file (`--save-facts`, `--facts`): public, one entry per target. */
export const factsFileSchema = z.object({
  schemaVersion: z.literal(1),
  targets: z.array(
    z.object({
      id: z.string(),
      kind: targetKindSchema,
      collectedAt: z.iso.datetime(),
      facts: z.record(z.string(), collectedSchema),
      /** The target as it was audited, so that a replay judges with the same declarations. */
      target: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});
export type FactsFile = z.infer<typeof factsFileSchema>;

/** A bundle as an entry of a facts file. */
export function toFactsEntry(bundle: FactBundle): FactsFile['targets'][number] {
  const facts: FactsFile['targets'][number]['facts'] = {};
  for (const key of FACT_KEYS) {
    const collected = bundle.facts[key];
    if (!collected) continue;
    facts[key] = collected.ok
      ? { ok: true, value: collected.value, ms: collected.ms }
      : { ok: false, absence: collected.absence, ms: collected.ms };
  }
  return { id: bundle.targetId, kind: bundle.kind, collectedAt: new Date(bundle.collectedAt).toISOString(), facts };
}

/** Reads an entry of a facts file; a recorded fact is parsed by its schema, never trusted. */
export function fromFactsEntry(entry: FactsFile['targets'][number]): FactBundle {
  const at = Date.parse(entry.collectedAt);
  const facts: Record<string, Collected<unknown>> = {};
  for (const [key, recorded] of Object.entries(entry.facts)) {
    if (!(key in FACTS)) continue; // written by a newer version; the checks here cannot ask for it
    if (!recorded.ok) {
      facts[key] = { ok: false, absence: recorded.absence, at, ms: recorded.ms };
      continue;
    }
    const parsed = FACTS[key as FactKey].safeParse(recorded.value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new AppError(
        'facts-invalid',
        `facts of "${entry.id}": ${key}.${issue?.path.join('.')}: ${issue?.message}`,
        {
          hint: 'record the facts again with --save-facts',
          exit: EXIT.usage,
        },
      );
    }
    facts[key] = { ok: true, value: parsed.data, at, ms: recorded.ms };
  }
  return { targetId: entry.id, kind: entry.kind, collectedAt: at, facts: facts as FactBundle['facts'] };
}
