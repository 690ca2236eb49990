import { z } from 'zod';
import type { Part } from './archives.ts';

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_PARTS = 5_000;

const lines = z.union([z.string(), z.array(z.string()).transform((all) => all.join(''))]);
/** https://nbformat.readthedocs.io/en/latest/format_description.html */
const notebook = z.object({
  cells: z.array(
    z.object({
      source: lines.catch(''),
      outputs: z
        .array(z.object({ text: lines.optional(), data: z.record(z.string(), z.unknown()).optional() }))
        .catch([]),
    }),
  ),
});
/** ECMA-426. */
const sourceMap = z.object({
  sources: z.array(z.string().nullable()),
  sourcesContent: z.array(z.string().nullable()),
});

/** The texts that a document in JSON is made of, as people see them: cells of a notebook, sources of a source map. */
export function documentParts(bytes: Buffer): Part[] {
  if (bytes.length > MAX_BYTES || !/^\s{0,64}\{/.test(bytes.toString('latin1', 0, 66))) return [];
  const isNotebook = bytes.includes('"nbformat"') && bytes.includes('"cells"');
  if (!isNotebook && !bytes.includes('"sourcesContent"')) return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString('utf8'));
  } catch {
    return []; // scanned as the text it is
  }
  return (isNotebook ? cells(parsed) : sources(parsed)).slice(0, MAX_PARTS);
}

function cells(parsed: unknown): Part[] {
  const read = notebook.safeParse(parsed);
  if (!read.success) return [];
  return read.data.cells.flatMap(({ source, outputs }, number) => {
    const shown = outputs.flatMap(({ text, data }) => [
      text ?? '',
      ...Object.values(data ?? {}).map((value) => (Array.isArray(value) ? value.join('') : String(value))),
    ]);
    const name = `cell ${number + 1}`;
    return [part(name, source), part(`${name} output`, shown.join('\n'))];
  });
}

function sources(parsed: unknown): Part[] {
  const read = sourceMap.safeParse(parsed);
  if (!read.success) return [];
  return read.data.sourcesContent.map((text, number) => {
    const name = read.data.sources[number] ?? `source ${number + 1}`;
    return part(name.replace(/^(?:webpack|file):\/+/, '').replace(/^(?:\.\.?\/)+/, ''), text ?? '');
  });
}

function part(name: string, text: string): Part {
  return { name, bytes: Buffer.from(text, 'utf8') };
}
