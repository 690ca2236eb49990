import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { base62Checksum } from '../../src/secrets/checksum.ts';
import { createExamine } from '../../src/secrets/examine.ts';
import { sample } from '../../src/secrets/sample.ts';
import { fullScanner } from '../../src/secrets/scanner.ts';

const examine = createExamine(fullScanner());
const body = sample(30, 'base62', 3);
const token = `ghp_${body}${base62Checksum(body)}`;
const text = `# settings\nTOKEN=${token}\n`;
const places = (bytes: Buffer) => examine(bytes).found.map(({ within = '', line }) => `${within}:${line ?? '-'}`);
const zip = (files: Record<string, Uint8Array>) => Buffer.from(zipSync(files));

async function tar(entries: Record<string, string>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(entries)) archive.entry({ name }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('encoded text', () => {
  const base64 = (content: string | Buffer) => Buffer.from(content).toString('base64');
  const each = (content: string, write: (code: string) => string) =>
    [...content].map((char) => write(char.charCodeAt(0).toString(16).padStart(2, '0'))).join('');
  it.each([
    ['base64', `a\nb: ${base64(text)}`],
    ['base64 in lines', `a\nb: |\n  ${base64(`${'filler '.repeat(40)}${text}`).replace(/(.{64})/g, '$1\n  ')}`],
    ['base64 twice', `a\nb: ${base64(`inner: ${base64(text)}`)}`],
    ['gzip in base64', `a\nb: "${gzipSync(text).toString('base64')}"`],
    ['UTF-16 in base64', `a\npowershell -enc ${base64(Buffer.from(text, 'utf16le'))}`],
    ['hexadecimal', `a\nb = 0x${Buffer.from(text).toString('hex')}`],
    ['a URL', `a\nx?next=${encodeURIComponent(`/y?token=${token}`)}`],
    ['a URL twice', `a\nx?a=${encodeURIComponent(`/y?next=${encodeURIComponent(`/z?token=${token}`)}`)}`],
    ['escapes of JSON', `a\n"${each(token, (hex) => `\\u00${hex}`)}"`],
    ['escapes of JavaScript', `a\n'${each(token, (hex) => `\\x${hex}`)}'`],
    ['entities of HTML', `a\n<p>${each(token, (hex) => `&#x${hex};`)}</p>`],
    ['decimal entities', `a\n<p>${[...token].map((char) => `&#${char.charCodeAt(0)};`).join('')}</p>`],
  ])('is read in %s, with the line it stands on', (name, content) => {
    const { found } = examine(Buffer.from(content));
    expect(found.map(({ rule }) => rule)).toEqual(['github-pat']);
    const [one] = found;
    expect(one?.fingerprint).toBe(examine(Buffer.from(text)).found[0]?.fingerprint);
    if (!name.includes('lines')) expect(one?.line).toBe(2);
    else expect(one?.line).toBeGreaterThan(2);
  });

  it('is not read without end', () => {
    let deep = text;
    for (let n = 0; n < 9; n += 1) deep = base64(`deeper: ${deep}`);
    expect(examine(Buffer.from(deep)).found).toEqual([]);
    const bomb = gzipSync(Buffer.alloc(200_000_000)).toString('base64');
    expect(examine(Buffer.from(`x: ${bomb}`)).found).toEqual([]);
  });
});

describe('what has parts', () => {
  it('is read part by part: zip, jar, tar, tar.gz, one in the other', async () => {
    const inTar = await tar({ 'etc/app.env': text, [`${'d/'.repeat(70)}long.env`]: text });
    expect(places(zip({ 'a/b.env': strToU8(text), 'c.txt': strToU8('nothing') }))).toEqual(['!a/b.env:2']);
    expect(places(inTar)).toEqual(['!etc/app.env:2', `!${'d/'.repeat(70)}long.env:2`]);
    expect(places(gzipSync(inTar))).toContain('!etc/app.env:2');
    expect(places(zip({ 'x.tar.gz': gzipSync(inTar) }))).toContain('!x.tar.gz!etc/app.env:2');
    expect(places(zip({ 'stored.env': strToU8(text) }))).toEqual(['!stored.env:2']);
  });

  it('is a notebook with its cells and outputs, a source map with its sources', () => {
    const notebook = {
      nbformat: 4,
      cells: [
        { cell_type: 'markdown', source: ['# hello'] },
        { cell_type: 'code', source: ['import os\n', `token = "${token}"\n`], outputs: [] },
        {
          cell_type: 'code',
          source: 'x',
          outputs: [{ output_type: 'stream', text: ['one\n', 'two\n', `${token}\n`] }],
        },
      ],
    };
    expect(places(Buffer.from(JSON.stringify(notebook)))).toEqual(['!cell 2:2', '!cell 3 output:3']);
    const map = {
      version: 3,
      sources: ['webpack:///./src/a.ts', 'b.ts'],
      sourcesContent: ['let a;', text],
      mappings: '',
    };
    expect(places(Buffer.from(JSON.stringify(map)))).toEqual(['!b.ts:2']);
  });

  it('is left at a bound, and that is said: bombs, too many entries, too deep, damaged, under a password', () => {
    const said = (bytes: Buffer) => examine(bytes).missed.join('; ');
    expect(said(zip({ a: new Uint8Array(70_000_000) }))).toContain('too large unpacked');
    expect(said(gzipSync(Buffer.alloc(70_000_000)))).toContain('too large unpacked');
    const many = Object.fromEntries(Array.from({ length: 5_001 }, (_, n) => [`${n}`, strToU8('x')]));
    expect(said(zip(many))).toContain('too many entries');
    let nested = zip({ 'a.env': strToU8(text) });
    for (let n = 0; n < 4; n += 1) nested = zip({ 'inner.zip': nested });
    expect(said(nested)).toContain('archives within archives');
    const whole = zip({ a: strToU8(text.repeat(50)) });
    expect(said(whole.subarray(0, whole.length - 30))).toContain('cut off');
    const broken = Buffer.from(whole);
    broken.fill(0xff, 40, 60);
    expect(said(broken)).toContain('damaged');
    // An entry that states a size of ten bytes and is none the smaller for it.
    const lying = zip({ a: new Uint8Array(70_000_000) });
    lying.writeUInt32LE(10, lying.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1')) + 24);
    expect(said(lying)).toContain('too large unpacked');
  });
});
