import { describe, expect, it } from 'vitest';
import { type SourceFile, sources } from './support/sources.ts';

/** Who may import whom. A layer is the longest path prefix; what is not named here may import anything below `src`. */
interface Layer {
  path: string;
  /** Path prefixes and packages. A layer may always import itself. */
  may: readonly string[];
  /** Types are erased: they bind no code. */
  mayTypes?: readonly string[];
  /** No clock, no I/O, no process: everything comes in as an argument. */
  pure?: boolean;
}

const CORE = 'src/core/';
const LAYERS: readonly Layer[] = [
  { path: 'src/core/', may: ['zod', '@noble/hashes/'], pure: true },
  { path: 'src/knowledge/', may: [], pure: true },
  { path: 'src/analysis/', may: [CORE, 'src/knowledge/', 'htmlparser2', 'tldts'], pure: true },
  { path: 'checks/', may: [CORE, 'src/knowledge/', 'src/analysis/', 'zod'], pure: true },
  { path: 'src/report/', may: [CORE, 'src/knowledge/', '@noble/hashes/'], pure: true },
  { path: 'src/channels/', may: [CORE, 'zod', '@noble/hashes/'], pure: true },
  {
    path: 'src/incidents/deliver',
    may: [CORE, 'src/incidents/', 'src/channels/', 'src/store/', 'node:', 'undici', 'nodemailer', 'p-queue'],
  },
  { path: 'src/incidents/external.ts', may: [CORE, 'zod', '@noble/hashes/'], pure: true },
  { path: 'src/incidents/apply', may: [CORE, 'src/incidents/', 'src/store/', 'src/channels/'] },
  { path: 'src/import/', may: [CORE, 'src/time/', 'zod', 'temporal-polyfill'], pure: true },
  { path: 'src/time/', may: [CORE, 'temporal-polyfill', 'croner', 'ical.js'], pure: true },
  { path: 'src/incidents/', may: [CORE, 'src/time/', 'temporal-polyfill'], mayTypes: ['src/config/'], pure: true },
  { path: 'src/monitor/step.ts', may: [CORE], pure: true },
  { path: 'src/monitor/rollup.ts', may: [CORE], pure: true },
  { path: 'src/monitor/breaker.ts', may: [CORE], pure: true },
  { path: 'src/monitor/uptime.ts', may: [CORE], pure: true },
  { path: 'src/monitor/slo.ts', may: [CORE, 'src/monitor/uptime.ts'], pure: true },
  {
    path: 'src/net/',
    may: [CORE, 'src/knowledge/', 'node:', 'undici', 'node-ssh', 'ssh2', 'asn1js', '@noble/', 'dns-packet'],
  },
  { path: 'src/secrets/', may: [CORE, 'src/knowledge/', 'node:', 'smol-toml'] },
  { path: 'src/probes/', may: [CORE, 'src/knowledge/', 'src/analysis/', 'src/net/', 'src/secrets/', 'node:'] },
  { path: 'src/store/', may: [CORE, 'drizzle-orm', 'better-sqlite3', 'pg', 'node:', '@noble/hashes/', 'zod'] },
  { path: 'src/queue/', may: [CORE, 'node:', 'p-queue', 'bullmq'] },
];

const files = sources('src', 'checks');

function layerOf(path: string): Layer | undefined {
  return LAYERS.filter((layer) => path.startsWith(layer.path)).sort((a, b) => b.path.length - a.path.length)[0];
}

/** A prefix that ends in `/` or `:` stands for everything below it, any other for the package or file path it begins. */
function startsWithAny(specifier: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => {
    if (/[/:]$/.test(prefix) || prefix.includes('/')) return specifier.startsWith(prefix);
    return specifier === prefix || specifier.startsWith(`${prefix}/`);
  });
}

function violations(file: SourceFile, layer: Layer): string[] {
  return file.imports
    .filter(({ specifier, typeOnly }) => {
      if (specifier.startsWith(layer.path)) return false;
      return !startsWithAny(specifier, [...layer.may, ...(typeOnly ? (layer.mayTypes ?? []) : [])]);
    })
    .map(({ specifier }) => `${file.path} imports ${specifier}`);
}

describe('the house', () => {
  it('has files to look at', () => {
    expect(files.length).toBeGreaterThan(30);
  });

  it('lets data flow one way: each layer imports only what lies below it', () => {
    const found = files.flatMap((file) => {
      const layer = layerOf(file.path);
      return layer ? violations(file, layer) : [];
    });
    expect(found).toEqual([]);
  });

  it('keeps probes apart from each other', () => {
    const probes = files.filter((file) => /^src\/probes\/(?!index|probe)[\w-]+\.ts$/.test(file.path));
    const found = probes.flatMap((file) =>
      file.imports
        .filter(({ specifier }) => /^src\/probes\/(?!probe\.ts)[\w-]+\.ts$/.test(specifier))
        .map(({ specifier }) => `${file.path} imports ${specifier}`),
    );
    expect(found).toEqual([]);
  });

  it('keeps the API away from the network and the probes', () => {
    const found = files
      .filter((file) => file.path.startsWith('src/api/'))
      .flatMap((file) =>
        file.imports
          .filter((one) => /^src\/(net|probes|cli)\//.test(one.specifier))
          .map((one) => `${file.path} imports ${one.specifier}`),
      );
    expect(found).toEqual([]);
  });

  it('lets nothing but the command line import the command line', () => {
    const found = files
      .filter((file) => !file.path.startsWith('src/cli/'))
      .filter((file) => file.imports.some((one) => one.specifier.startsWith('src/cli/')))
      .map((file) => file.path);
    expect(found).toEqual([]);
  });

  it('lets the dashboard take types of the service, and nothing that runs', () => {
    const found = sources('web').flatMap((file) =>
      file.imports
        .filter(({ specifier, typeOnly }) => specifier.startsWith('src/') && !typeOnly)
        .map(({ specifier }) => `${file.path} imports ${specifier}`),
    );
    expect(found).toEqual([]);
  });

  it('reads no clock, no randomness and no environment in its pure layers', () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.|\bMath\.random\b|\bfetch\(|\bprocess\.|\bsetTimeout\(|\bsetInterval\(|\bconsole\.|\bcrypto\./;
    const found = files
      .filter((file) => layerOf(file.path)?.pure)
      .filter((file) => impure.test(file.code))
      .map((file) => `${file.path}: ${impure.exec(file.code)?.[0]}`);
    expect(found).toEqual([]);
  });

  it('has one SQL dialect per file only where the two are joined', () => {
    const joined = /^src\/store\/(columns|open[\w-]*|sqlite[\w-]*|postgres[\w-]*)\.ts$/;
    const found = files
      .filter((file) => !joined.test(file.path))
      .filter((file) =>
        file.imports.some((one) => /^drizzle-orm\/(pg-core|sqlite-core)/.test(one.specifier) && !one.typeOnly),
      )
      .map((file) => file.path);
    expect(found).toEqual([]);
  });

  it('has small files', () => {
    const all = sources('src', 'checks', 'web', 'test');
    const long = all
      .map((file) => ({ path: file.path, lines: file.text.split('\n').length }))
      .filter((file) => file.lines > 400);
    expect(long).toEqual([]);
    const lines = files.map((file) => file.text.split('\n').length).sort((a, b) => a - b);
    expect(lines[Math.floor(lines.length / 2)]).toBeLessThanOrEqual(110);
  });

  it('has default exports for checks and channels only', () => {
    const found = files
      .filter((file) => /^export default /m.test(file.text))
      .filter((file) => !/^(checks|src\/channels|src\/dev)\//.test(file.path))
      .map((file) => file.path);
    expect(found).toEqual([]);
  });
});
