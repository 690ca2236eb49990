import { isAside } from '../../src/analysis/leak-severity.ts';
import { readContent } from '../../src/secrets/decode.ts';
import type { Scanner } from '../../src/secrets/engine.ts';
import { createFingerprinter } from '../../src/secrets/redact.ts';
import type { Rule } from '../../src/secrets/rule.ts';

/** What a reader said of a finding: a credential of somebody, one for tests and examples, or no credential. */
export type Label = 'secret' | 'example' | 'false';

/** One secret in one file of a package, with nothing of the secret but its keyed hash. */
export interface Sighting {
  package: string;
  file: string;
  line: number;
  rule: string;
  kind: Rule['kind'];
  fingerprint: string;
  /** Reported as bad as its rule says: neither doubtful nor in a test, an example or a document. */
  loud: boolean;
}

export interface Labelled {
  package: string;
  file: string;
  rule: string;
  fingerprint: string;
  label: Label;
}

/** The lines of `labels.tsv`: package, file, line, rule, fingerprint, label. */
export function readLabels(text: string): Labelled[] {
  return text
    .trim()
    .split('\n')
    .map((line, number) => {
      const [name = '', file = '', , rule = '', fingerprint = '', label] = line.split('\t');
      if (label !== 'secret' && label !== 'example' && label !== 'false') throw new Error(`labels.tsv:${number + 1}`);
      return { package: name, file, rule, fingerprint, label };
    });
}

export function createSighter(scanner: Scanner): (name: string, file: string, given: Buffer) => Sighting[] {
  const fingerprint = createFingerprinter('precision');
  return (name, file, given) => {
    const { kind: form, bytes } = contentOf(given);
    return scanner.scan(bytes, { formatsOnly: form === 'binary' }).matches.map(({ rule, secret, line, doubtful }) => ({
      ...{ package: name, file, line, rule: rule.id, kind: rule.kind, fingerprint: fingerprint(secret) },
      loud: !doubtful && !isAside(file),
    }));
  };
}

function contentOf(bytes: Buffer): { kind: string; bytes: Buffer } {
  const content = readContent(bytes);
  return content.kind === 'lfs' ? { kind: 'text', bytes } : content;
}

export interface Row {
  name: string;
  /** Labelled ones that are found. */
  found: number;
  secret: number;
  example: number;
  false: number;
  /** Of those, reported at the full severity of the rule: how many, and how many are none. */
  loud: number;
  loudFalse: number;
  /** Labelled as a credential, and not found any more. */
  lost: number;
}

/** The figures of all labelled findings that `take` takes. A finding is known by package, file, rule family and hash. */
export function figures(
  name: string,
  labels: readonly Labelled[],
  sightings: readonly Sighting[],
  take: (kind: Rule['kind'] | undefined) => boolean,
  kinds: ReadonlyMap<string, Rule['kind']>,
): Row {
  const seen = new Map(sightings.map((one) => [`${one.package}\t${one.file}\t${one.fingerprint}`, one]));
  const row: Row = { name, found: 0, secret: 0, example: 0, false: 0, loud: 0, loudFalse: 0, lost: 0 };
  for (const one of labels) {
    if (!take(kinds.get(one.rule))) continue;
    const sighting = seen.get(`${one.package}\t${one.file}\t${one.fingerprint}`);
    if (!sighting) {
      if (one.label !== 'false') row.lost += 1;
      continue;
    }
    row.found += 1;
    row[one.label] += 1;
    if (!sighting.loud) continue;
    row.loud += 1;
    if (one.label === 'false') row.loudFalse += 1;
  }
  return row;
}
