import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files of a key and its self-signed certificate for shop.example. */
export interface KeyPair {
  key: string;
  cert: string;
}

/** Real TLS servers for a test file: made in one directory, ended and removed together. */
export class TlsServers {
  readonly directory = mkdtempSync(join(tmpdir(), 'seaworthy-tls-'));
  private readonly children: ChildProcess[] = [];

  /** Makes a key pair with `openssl req`; `algorithm` as for -newkey, with further arguments. */
  keyPair(name: string, ...newkey: string[]): KeyPair {
    const pair = { key: join(this.directory, `${name}.key`), cert: join(this.directory, `${name}.crt`) };
    const subject = ['-subj', '/CN=shop.example', '-addext', 'subjectAltName=DNS:shop.example'];
    openssl(
      'req',
      '-x509',
      '-nodes',
      '-days',
      '90',
      '-keyout',
      pair.key,
      '-out',
      pair.cert,
      ...subject,
      '-newkey',
      ...newkey,
    );
    return pair;
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** nginx with one TLS server on a free port of 127.0.0.1; `directives` go into its server block. */
  async nginx(name: string, directives: readonly string[]): Promise<number> {
    const port = await freePort();
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (one) => `${one}_temp_path ${this.path(`${name}-${one}`)};`,
    );
    const file = this.path(`${name}.conf`);
    writeFileSync(
      file,
      `daemon off; master_process off; pid ${this.path(`${name}.pid`)}; error_log ${this.path(`${name}.log`)};
events { worker_connections 256; }
http { access_log off; ${temporary.join(' ')}
server { listen 127.0.0.1:${port} ssl; ${directives.map((one) => `${one};`).join('\n')} return 200; } }
`,
    );
    await this.start('/usr/sbin/nginx', ['-c', file, '-e', this.path(`${name}.log`)], port);
    return port;
  }

  /** `openssl s_server` on a free port. */
  async sServer(...options: string[]): Promise<number> {
    const port = await freePort();
    await this.start(
      '/usr/bin/openssl',
      ['s_server', '-accept', `127.0.0.1:${port}`, '-quiet', '-www', ...options],
      port,
    );
    return port;
  }

  /** Any program that will listen on this port. */
  async start(program: string, options: readonly string[], port: number): Promise<void> {
    const child = spawn(program, options, { stdio: 'ignore' });
    this.children.push(child);
    await listening(port, child);
  }

  async close(): Promise<void> {
    await Promise.all(
      this.children.map((child) => {
        if (child.exitCode !== null || child.signalCode !== null) return undefined;
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        return ended;
      }),
    );
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export function openssl(...options: string[]): string {
  return execFileSync('/usr/bin/openssl', options, { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' });
}

/** What `openssl s_client` says of a handshake. */
export function sClient(port: number, ...options: string[]): string {
  const { stdout } = spawnSync('/usr/bin/openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...options], {
    input: 'Q\n',
    encoding: 'utf8',
    timeout: 20_000,
  });
  return stdout;
}

/** A port that nothing listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Resolves when the port accepts; rejects when the server has ended first. */
async function listening(port: number, child: ChildProcess): Promise<void> {
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}`)));
  });
  const knock = async () => {
    while (!(await accepts(port))) await new Promise((resolve) => setTimeout(resolve, 25));
  };
  await Promise.race([knock(), ended]);
  ended.catch(() => {});
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
