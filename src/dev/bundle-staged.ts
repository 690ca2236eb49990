import { join, resolve } from 'node:path';
import { build } from 'vite';

/** The verbs that a hook needs; the others stay where they are and are loaded from there if asked for. */
const WITHIN = /^\.\/audit(?:-staged)?\.js$/;

/**
 * Puts all that `audit --staged` loads into one file, `staged-bundle.js` beside the program: a hook runs at every commit, and
 * to find, read and link some 260 files takes longer than to look through what is staged.
 */
export async function bundleStaged(cli: string, outDir = cli): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    plugins: [
      {
        name: 'other-verbs',
        enforce: 'pre',
        resolveId: (id, importer, { kind }) =>
          kind === 'dynamic-import' && importer?.startsWith(resolve(cli)) && !WITHIN.test(id)
            ? { id, external: true }
            : null,
      },
    ],
    build: {
      ssr: join(cli, 'run.js'),
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      minify: true,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'staged-bundle.js', codeSplitting: false } },
    },
  });
}
