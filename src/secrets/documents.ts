import type { Part } from './archives.ts';

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_PARTS = 5_000;

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

/** https://nbformat.readthedocs.io/en/latest/format_description.html */
function cells(parsed: unknown): Part[] {
  return list(field(parsed, 'cells')).flatMap((cell, number) => {
    const shown = list(field(cell, 'outputs')).flatMap((output) => {
      const data = field(output, 'data');
      const values = typeof data === 'object' && data !== null ? Object.values(data) : [];
      return [field(output, 'text'), ...values].map(textOf);
    });
    const name = `cell ${number + 1}`;
    return [part(name, textOf(field(cell, 'source'))), part(`${name} output`, shown.join('\n'))];
  });
}

/** ECMA-426. */
function sources(parsed: unknown): Part[] {
  const names = list(field(parsed, 'sources'));
  return list(field(parsed, 'sourcesContent')).map((text, number) => {
    const name = textOf(names[number]) || `source ${number + 1}`;
    return part(name.replace(/^(?:webpack|file):\/+/, '').replace(/^(?:\.\.?\/)+/, ''), textOf(text));
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text, also where it is kept line by line. */
function textOf(value: unknown): string {
  return typeof value === 'string'
    ? value
    : list(value)
        .filter((one) => typeof one === 'string')
        .join('');
}

function part(name: string, text: string): Part {
  return { name, bytes: Buffer.from(text, 'utf8') };
}
