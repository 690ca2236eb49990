import { readFileSync, statSync } from 'node:fs';
import type { AuditedTarget } from '../audit/audit.ts';
import { AppError, reasonOf } from '../core/error.ts';
import {
  type FactBundle,
  type FactsFile,
  factsFileSchema,
  fromFactsEntry,
  toFactsEntry,
} from '../core/facts/bundle.ts';
import { recordedTargetSchema } from '../core/recorded-target.ts';
import type { Target } from '../core/target.ts';
import { writeWhole } from './output.ts';

const MAX_BYTES = 512 * 1024 * 1024;

/** Writes what was seen, with the targets as they were audited. */
export function saveFacts(path: string, audited: readonly AuditedTarget[]): void {
  const file: FactsFile = {
    schemaVersion: 1,
    targets: audited.map(({ target, bundle }) => ({ ...toFactsEntry(bundle), target: { ...target } })),
  };
  writeWhole(path, `${JSON.stringify(file, null, 1)}\n`);
}

/** Reads recorded facts. Nothing in the file is trusted: facts and targets are parsed by their schemas. */
export function readFacts(path: string): { target: Target; bundle: FactBundle }[] {
  const invalid = (reason: string) =>
    new AppError('facts-invalid', `${path}: ${reason}`, { hint: '--save-facts FILE records facts' });
  let data: unknown;
  try {
    if (statSync(path).size > MAX_BYTES) throw invalid('larger than 512 MiB');
    data = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw error instanceof AppError ? error : invalid(`cannot be read: ${reasonOf(error)}`);
  }
  const parsed = factsFileSchema.safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`is no facts file: ${issue?.path.join('.') || 'it'}: ${issue?.message}`);
  }
  return parsed.data.targets.map((entry) => {
    const target = recordedTargetSchema.safeParse(entry.target);
    if (!target.success) throw invalid(`"${entry.id}" does not say which target it was`);
    if (target.data.id !== entry.id || target.data.kind !== entry.kind)
      throw invalid(`"${entry.id}" holds another target`);
    return { target: target.data, bundle: fromFactsEntry(entry) };
  });
}
