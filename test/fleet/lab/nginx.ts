import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const PREFIX = 'seaworthy-nginx-';

export interface NginxOptions {
  /** Content of `http { ... }`; `{http}` and `{https}` stand for free ports of 127.0.0.1, `{httpPort}` and
   * `{httpsPort}` for their numbers alone, `{dir}` for the server's directory. */
  conf: string;
  /** Files below `{dir}/www`. */
  files?: Record<string, string | Buffer>;
}

export interface Nginx {
  /** http://127.0.0.1:PORT/ and https://127.0.0.1:PORT/ of the two ports. */
  http: string;
  https: string;
  /** PEM file of the self-signed certificate (for 127.0.0.1 and localhost). */
  certificate: string;
  directory: string;
  stop(): Promise<void>;
}

/**
 * Starts a real nginx on free loopback ports, with a self-signed certificate at `{dir}/cert.pem`, `{dir}/key.pem`. It ends with
 * `stop`, with this process, and, where that was killed, when the next one starts.
 */
export async function startNginx(options: NginxOptions): Promise<Nginx> {
  sweep();
  const directory = mkdtempSync(join(tmpdir(), PREFIX));
  const [http, https] = [await freePort(), await freePort()];
  certificate(directory);
  for (const [path, content] of Object.entries(options.files ?? {})) {
    const file = join(directory, 'www', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const body = options.conf
    .replaceAll('{https}', `127.0.0.1:${https}`)
    .replaceAll('{http}', `127.0.0.1:${http}`)
    .replaceAll('{httpPort}', String(http))
    .replaceAll('{httpsPort}', String(https))
    .replaceAll('{dir}', directory);
  // The workers run as the user who started them, so that they may read the temporary directory.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  writeFileSync(
    join(directory, 'nginx.conf'),
    `daemon off; ${user} worker_processes 1; pid ${directory}/nginx.pid; error_log ${directory}/error.log;
events { worker_connections 256; }
http { include /etc/nginx/mime.types; access_log off; client_body_temp_path ${directory}/a; proxy_temp_path ${directory}/b;
fastcgi_temp_path ${directory}/c; uwsgi_temp_path ${directory}/d; scgi_temp_path ${directory}/e;
${body}
}\n`,
  );
  const child = spawn(
    'nginx',
    ['-p', directory, '-c', join(directory, 'nginx.conf'), '-e', join(directory, 'error.log')],
    {
      stdio: 'ignore',
    },
  );
  writeFileSync(join(directory, 'owner'), `${process.pid} ${child.pid}`);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const onExit = () => {
    child.kill('SIGTERM');
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', onExit);
  const stop = async () => {
    process.off('exit', onExit);
    child.kill('SIGTERM');
    await exited;
    rmSync(directory, { recursive: true, force: true });
  };
  const ports = [
    ...new Set([
      ...(options.conf.includes('{http}') ? [http] : []),
      ...(options.conf.includes('{https}') ? [https] : []),
    ]),
  ];
  for (const port of ports) {
    if (await accepts(port, exited)) continue;
    const log = existsSync(join(directory, 'error.log')) ? readFileSync(join(directory, 'error.log'), 'utf8') : '';
    await stop();
    throw new Error(`nginx did not start: ${log.slice(-500)}`);
  }
  return {
    http: `http://127.0.0.1:${http}/`,
    https: `https://127.0.0.1:${https}/`,
    certificate: join(directory, 'cert.pem'),
    directory,
    stop,
  };
}

/** A self-signed certificate for 127.0.0.1 and localhost: `key.pem` and `cert.pem`. */
export function certificate(directory: string): void {
  const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost';
  const files = ['-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync(
    'openssl',
    ['req', '-x509', ...kind, ...files, '-days', '30', '-subj', '/CN=127.0.0.1', '-addext', names],
    { stdio: 'ignore' },
  );
}

/** A port that was free a moment ago; loopback only. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Whether the port accepts a connection before the server ends. */
export async function accepts(port: number, exited: Promise<void>): Promise<boolean> {
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  for (let attempt = 0; attempt < 500 && !ended; attempt += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => setTimeout(() => resolve(false), 20));
    });
    if (open) return true;
  }
  return false;
}

/** Ends servers whose starter was killed. Only directories with our prefix and our two process ids are touched. */
function sweep(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const directory = join(tmpdir(), name);
    const owner = join(directory, 'owner');
    if (!existsSync(owner)) continue;
    const [starter, server] = readFileSync(owner, 'utf8').split(' ').map(Number);
    if (!starter || !server || alive(starter)) continue;
    const line = existsSync(`/proc/${server}/cmdline`) ? readFileSync(`/proc/${server}/cmdline`, 'utf8') : '';
    if (line.includes(directory)) process.kill(server, 'SIGTERM');
    rmSync(directory, { recursive: true, force: true });
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
