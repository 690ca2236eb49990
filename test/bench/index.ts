import { readdir } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { reasonOf } from '../../src/core/error.ts';
import type { Benchmark } from './row.ts';

/** `npm run bench [NAME...]`: runs the benchmarks of this folder one after another and prints their figures. */
const wanted = process.argv.slice(2);
const files = (await readdir(import.meta.dirname))
  .filter((file) => /^(?!index|row|secrets-corpus|secrets-program|hosts-fifty).*\.ts$/.test(file))
  .sort();
console.log(
  `Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
);
const names = files.map((file) => file.replace(/\.ts$/, ''));
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`there is no benchmark "${unknown.join('", "')}"; there are ${names.join(', ')}`);
  process.exit(2);
}
let failed = false;
for (const file of files) {
  if (wanted.length > 0 && !wanted.includes(file.replace(/\.ts$/, ''))) continue;
  const benchmark: Partial<Benchmark> = await import(join(import.meta.dirname, file));
  if (!benchmark.run) continue;
  console.log(`\n${benchmark.name}`);
  try {
    for await (const row of await benchmark.run()) {
      const value = Number.isInteger(row.value) ? String(row.value) : row.value.toPrecision(3);
      console.log(`  ${row.label.padEnd(56)} ${value.padStart(10)} ${row.unit}${row.note ? `   (${row.note})` : ''}`);
    }
  } catch (thrown) {
    failed = true;
    console.log(`  failed: ${reasonOf(thrown)}`);
  }
}
process.exit(failed ? 1 : 0);
