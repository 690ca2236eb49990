import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  private readonly closers: (() => Promise<void>)[] = [];

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

  /** Apache with one TLS virtual host on a free port of 127.0.0.1; `directives` go into it. */
  async apache(name: string, { key, cert }: KeyPair, directives: readonly string[]): Promise<number> {
    const port = await freePort();
    const modules = ['mpm_event', 'authz_core', 'ssl', 'socache_shmcb'].map(
      (one) => `LoadModule ${one}_module /usr/lib/apache2/modules/mod_${one}.so`,
    );
    const own = [
      ['ServerRoot', this.directory],
      ['DefaultRuntimeDir', this.directory],
      ['DocumentRoot', this.directory],
      ['PidFile', this.path(`${name}.pid`)],
      ['ErrorLog', this.path(`${name}.log`)],
      ['Mutex', 'pthread'],
      ['ServerName', 'shop.example'],
      ['Listen', `127.0.0.1:${port}`],
    ].map((line) => line.join(' '));
    const host = ['SSLEngine on', `SSLCertificateFile ${cert}`, `SSLCertificateKeyFile ${key}`, ...directives];
    const file = this.path(`${name}.conf`);
    const lines = [...modules, ...own, `<VirtualHost 127.0.0.1:${port}>`, ...host, '</VirtualHost>', ''];
    writeFileSync(file, lines.join('\n'));
    await this.start('/usr/sbin/apache2', ['-X', '-f', file], port);
    return port;
  }

  /** HAProxy with these certificates on a free port of 127.0.0.1. */
  async haproxy(name: string, pairs: readonly KeyPair[]): Promise<number> {
    const port = await freePort();
    const folder = this.path(`${name}-certificates`);
    mkdirSync(folder, { recursive: true });
    for (const [index, pair] of pairs.entries()) {
      const { key, cert } = readPair(pair);
      writeFileSync(join(folder, `${index}.pem`), cert + key);
    }
    const file = this.path(`${name}.cfg`);
    writeFileSync(
      file,
      `defaults
  mode http
  timeout connect 30s
  timeout client 30s
  timeout server 30s
frontend front
  bind 127.0.0.1:${port} ssl crt ${folder} alpn h2,http/1.1
  http-request return status 200
`,
    );
    await this.start('/usr/sbin/haproxy', ['-db', '-f', file], port);
    return port;
  }

  /** Dovecot with IMAP and STARTTLS on a free port of 127.0.0.1. */
  async dovecot(name: string, { key, cert }: KeyPair, settings: readonly string[]): Promise<number> {
    const port = await freePort();
    // Its helpers run as users of their own.
    chmodSync(this.directory, 0o755);
    const file = this.path(`${name}.conf`);
    writeFileSync(
      file,
      `base_dir = ${this.path(`${name}-run`)}
state_dir = ${this.path(`${name}-state`)}
log_path = ${this.path(`${name}.log`)}
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <${cert}
ssl_key = <${key}
${settings.join('\n')}
passdb {
  driver = static
  args = nopassword=y
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`,
    );
    await this.start('/usr/sbin/dovecot', ['-F', '-c', file], port);
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

  /** Something else that has to end with the servers. */
  onClose(close: () => Promise<void>): void {
    this.closers.push(close);
  }

  async close(): Promise<void> {
    await Promise.all(this.closers.map((close) => close()));
    await Promise.all(
      this.children.map((child) => {
        if (child.exitCode !== null || child.signalCode !== null) return undefined;
        const ended = new Promise((resolve) => child.once('exit', resolve));
        // Dovecot's master takes its helpers with it when it is asked, not when it is killed.
        child.kill(child.spawnfile.endsWith('dovecot') ? 'SIGTERM' : 'SIGKILL');
        return ended;
      }),
    );
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The contents of a pair's files. */
export function readPair({ key, cert }: KeyPair): KeyPair {
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
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
