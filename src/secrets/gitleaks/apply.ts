import { join } from 'node:path';
import type { Leak, LeaksFacts } from '../../core/facts/leaks.ts';
import { readRegular } from '../files.ts';
import { createFingerprinter, redact } from '../redact.ts';
import { readGitleaksConfig } from './config.ts';
import { createImportedScanner } from './scan.ts';

/** Where users of gitleaks keep their rules. */
export const GITLEAKS_FILE = '.gitleaks.toml';
const MAX_CONFIG_BYTES = 4 * 1024 * 1024;
/** Larger files are left to our own rules, and said to be. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_PLACES = 20;

type Scanned = Pick<LeaksFacts, 'leaks' | 'unscanned' | 'unscannedCount'>;

/**
 * Adds what the rules of a repository's own `.gitleaks.toml` find in its files, and lets pass what its allowlists of paths
 * name. Without such a file everything comes back as it was.
 */
export async function withGitleaksConfig<T extends Scanned>(
  root: string,
  files: readonly string[],
  own: T,
  options: { key: string | undefined; pace(): Promise<void>; named(file: string): string },
): Promise<T & { imported?: NonNullable<LeaksFacts['imported']> }> {
  const config = await readRegular(join(root, GITLEAKS_FILE), MAX_CONFIG_BYTES).catch(() => null);
  if (!config) return own;
  const imported = readGitleaksConfig(config.bytes.toString('utf8'));
  if ('error' in imported) return { ...own, imported: { rules: 0, notes: [], error: imported.error } };
  const scanner = createImportedScanner(imported);
  const fingerprint = createFingerprinter(options.key);
  const leaks = new Map(own.leaks.map((leak) => [leak.fingerprint, { ...leak, places: [...leak.places] }]));
  const missed: Scanned['unscanned'] = [];
  for (const file of imported.rules.length > 0 ? files : []) {
    const late = await options.pace().then(
      () => false,
      () => true,
    );
    if (late) {
      missed.push({ file, reason: 'this and what follows was not scanned by the imported rules: the time was over' });
      break;
    }
    if (file === GITLEAKS_FILE || file.split('/').includes('..') || file.startsWith('/')) continue;
    const read = await readRegular(join(root, file), MAX_FILE_BYTES).catch(() => null);
    if (!read || read.bytes.subarray(0, 8_192).includes(0)) continue;
    if (read.size > read.bytes.length) missed.push({ file, reason: 'too large for the imported rules' });
    const { matches, incomplete } = scanner.scan(file, read.bytes.toString('utf8'));
    if (incomplete !== null) missed.push({ file, reason: `not fully scanned: ${incomplete}` });
    for (const { rule, secret, line, ignored } of matches) {
      const id = fingerprint(secret);
      const place = { file: options.named(file), line, ...(ignored === null ? {} : { ignored }) };
      const known = leaks.get(id);
      if (known) {
        if (known.places.some((one) => one.file === place.file && one.line === line)) continue;
        known.count += 1;
        if (known.places.length < MAX_PLACES) known.places.push(place);
        continue;
      }
      const leak: Leak = {
        ...{ rule: `gitleaks:${rule.id}`, title: rule.title, severity: 'high', fingerprint: id },
        ...{ redacted: redact(secret, { kind: 'context', keywords: [] }), doubtful: false, count: 1, places: [place] },
      };
      leaks.set(id, leak);
    }
  }
  for (const leak of leaks.values()) {
    for (const place of leak.places) {
      if (place.ignored === undefined && scanner.allowsFile(place.file))
        place.ignored = `${GITLEAKS_FILE} allows the path`;
    }
  }
  return {
    ...own,
    leaks: [...leaks.values()],
    unscanned: [...own.unscanned, ...missed].slice(0, 200),
    unscannedCount: own.unscannedCount + missed.length,
    imported: { rules: imported.rules.length, notes: imported.notes.slice(0, 200) },
  };
}
