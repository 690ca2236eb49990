import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScanner } from '../../src/secrets/engine.ts';
import { RULES } from '../../src/secrets/rules/index.ts';
import { createSighter, figures, type Row, readLabels, type Sighting } from './figures.ts';
import { filesOf, unpacked } from './packages.ts';
import { plantedRecall } from './planted.ts';

/**
 * `npm run precision [FOLDER]`: fetches the packages of `labels.tsv` in their exact versions by npm into FOLDER, looks for
 * secrets in them and prints precision and recall by class of rule. With `--unlabelled` also what no reader has judged yet.
 */
const options = process.argv.slice(2);
const cache = options.find((one) => !one.startsWith('--')) ?? join(tmpdir(), 'seaworthy-precision');
const labels = readLabels(readFileSync(join(import.meta.dirname, 'labels.tsv'), 'utf8'));
const kinds = new Map(RULES.map((rule) => [rule.id, rule.kind]));
const scanner = createScanner(RULES);
const sighter = createSighter(scanner);

const sightings: Sighting[] = [];
const hosts: string[] = [];
const scanned = { packages: 0, files: 0, bytes: 0 };
for (const name of new Set(labels.map((one) => one.package))) {
  scanned.packages += 1;
  for (const { file, bytes } of filesOf(unpacked(name, cache))) {
    scanned.files += 1;
    scanned.bytes += bytes.length;
    const found = sighter(name, file, bytes);
    sightings.push(...found);
    if (
      hosts.length < 3 &&
      found.length === 0 &&
      /\.[cm]?js$/.test(file) &&
      bytes.length > 4_000 &&
      bytes.length < 12_000
    )
      hosts.push(bytes.toString('latin1'));
  }
}
console.log(
  `${labels.length} labelled findings in ${scanned.packages} packages (${scanned.files} files, ${Math.round(scanned.bytes / 1e6)} MB)\n`,
);

const KINDS = ['format', 'context', 'generic'] as const;
const rows: Row[] = KINDS.map((kind) => figures(kind, labels, sightings, (one) => one === kind, kinds));
rows.push(figures('all', labels, sightings, () => true, kinds));
const percent = (part: number, of: number) => (of === 0 ? '-' : `${((100 * part) / of).toFixed(1)} %`);
console.log(
  '| rules | found | secret | example | false | precision | at full severity | of those true | recall in the sample | planted |',
);
console.log('| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |');
for (const row of rows) {
  const of = RULES.filter((rule) => row.name === 'all' || rule.kind === row.name);
  const planted = plantedRecall(scanner, of, hosts);
  const good = row.secret + row.example;
  const cells = [row.name, row.found, row.secret, row.example, row.false, percent(good, row.found), row.loud];
  cells.push(percent(row.loud - row.loudFalse, row.loud), `${percent(good, good + row.lost)}`);
  cells.push(`${planted.found} of ${planted.planted}`);
  console.log(`| ${cells.join(' | ')} |`);
  if (planted.missed.size > 0 && row.name !== 'all')
    console.error(`missed when planted: ${[...planted.missed].join(', ')}`);
}

const known = new Set(labels.map((one) => `${one.package}\t${one.fingerprint}`));
const unlabelled = sightings.filter((one) => !known.has(`${one.package}\t${one.fingerprint}`));
console.log(`\n${unlabelled.length} findings have no label yet`);
if (options.includes('--unlabelled'))
  for (const one of unlabelled) console.log([one.package, one.file, one.line, one.rule, one.fingerprint].join('\t'));
