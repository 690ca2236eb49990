import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const MAX_FILE_BYTES = 8_000_000;

/** The directory with the files of `name@version`, fetched once by `npm pack` into `cache`. Nothing of it is run. */
export function unpacked(spec: string, cache: string): string {
  const home = join(cache, spec.replaceAll('/', '+'));
  const tree = join(home, 'package');
  if (existsSync(tree)) return tree;
  mkdirSync(home, { recursive: true });
  try {
    execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', home, spec], { stdio: 'pipe' });
    const [archive = ''] = readdirSync(home).filter((name) => name.endsWith('.tgz'));
    mkdirSync(tree);
    execFileSync('tar', ['xzf', join(home, archive), '-C', tree, '--strip-components=1', '--no-same-owner'], {
      stdio: 'pipe',
    });
    execFileSync('chmod', ['-R', 'u+rwX', tree]);
    return tree;
  } catch (thrown) {
    rmSync(home, { recursive: true, force: true });
    throw new Error(`${spec} could not be fetched by npm pack`, { cause: thrown });
  }
}

/** The regular files of a package with their contents, without what it bundles of others. */
export function* filesOf(root: string, folder = ''): Generator<{ file: string; bytes: Buffer }> {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* filesOf(root, file);
    if (!entry.isFile()) continue;
    const bytes = readFileSync(join(root, file));
    if (bytes.length <= MAX_FILE_BYTES) yield { file, bytes };
  }
}
