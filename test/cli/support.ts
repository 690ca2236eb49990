import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../src/cli/run.ts';
import type { ExitCode } from '../../src/core/error.ts';

export interface Result {
  code: ExitCode;
  out: string;
  err: string;
}

export const NOW = Date.parse('2026-11-20T12:00:00Z');

/** Runs a command line in this process, in a folder of its own. */
export async function cli(
  argv: readonly string[],
  { cwd = tempDir(), env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Result> {
  let out = '';
  let err = '';
  const code = await run(argv, {
    async out(text) {
      out += text;
    },
    err(text) {
      err += text;
    },
    env: { HOME: cwd, ...env },
    cwd,
    width: 80,
    color: false,
    watched: false,
    signal: new AbortController().signal,
    now: () => NOW,
  });
  return { code, out, err };
}

/** An empty folder, or one with these files. */
export function tempDir(files: Record<string, string> = {}): string {
  const dir = mkdtempSync(join(tmpdir(), 'seaworthy-cli-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

/** A web server on a free port; what it answers can be changed while it runs. */
export async function webServer(headers: Record<string, string> = {}) {
  const state = { headers, requests: 0 };
  const server: Server = createServer((_request, response) => {
    state.requests += 1;
    response.writeHead(200, { 'content-type': 'text/html', ...state.headers });
    response.end('<!doctype html><title>Shop</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    state,
    port,
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
