import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sample } from '../../src/secrets/sample.ts';
import { repository } from '../secrets/git-repository.ts';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'dist/src/cli/main.js');
/** Told to node, it writes the address of every module that it loads. */
const TELL = `import { register } from 'node:module';
register('data:text/javascript,' + encodeURIComponent(\`import { appendFileSync } from 'node:fs';
export async function load(url, context, next) {
  if (url.startsWith('file:')) appendFileSync(process.env.LOADED, url + '\\\\n');
  return next(url, context);
}\`));`;

/** A hook is run at every commit: what it loads is what it costs. Time would tell of the machine, so files are counted. */
describe('audit --staged, built', () => {
  const repo = repository();
  const loaded = join(repo.root, '.git/loaded');
  const env = {
    ...process.env,
    LOADED: loaded,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(TELL)}`,
  };
  const run = (...args: string[]) => spawnSync(process.execPath, [PROGRAM, ...args], { cwd: repo.root, env });

  beforeAll(() => {
    if (!existsSync(PROGRAM)) execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT });
    repo.write('a.txt', 'nothing\n');
    repo.commit('first');
  }, 300_000);
  afterAll(repo.remove);

  it('loads a handful of files and finds what is staged', () => {
    repo.write('settings.py', `AWS_SECRET_ACCESS_KEY = "${sample(40)}"\n`);
    repo.git('add', '-A');
    const { status, stdout } = run('audit', '--staged');
    expect(stdout.toString()).toContain('settings.py:1');
    expect(status).toBe(1);
    const files = readFileSync(loaded, 'utf8').trim().split('\n');
    expect(files.length).toBeLessThanOrEqual(5);
    expect(files.some((file) => file.endsWith('staged-bundle.js'))).toBe(true);
  });

  it('says what is wrong as the program does elsewhere', () => {
    const { status, stderr } = run('audit', '--staged', '--only', 'tls');
    expect(stderr.toString()).toContain('--only means nothing with --staged');
    expect(status).toBe(2);
  });
});
