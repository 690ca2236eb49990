import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accepts, certificate, freePort } from './nginx.ts';

/** A program that serves https on a loopback port, from a directory of its own. */
export interface WebServer {
  url: string;
  /** PEM of its self-signed certificate. */
  ca: string;
  stop(): Promise<void>;
}

interface Recipe {
  /** Name of the configuration file or script, and its content; `{dir}` and `{port}` are filled in. */
  file: string;
  content: string;
  command: readonly [program: string, ...args: string[]];
}

const PAGE = '<!doctype html><title>Shop</title><p>ok</p>';

/** Starts one on a free port, with `www/index.html`, `cert.pem` and `key.pem` in its directory; says what it logged where it does not start. */
export async function startWebServer({ file, content, command: [program, ...args] }: Recipe): Promise<WebServer> {
  const directory = mkdtempSync(join(tmpdir(), 'seaworthy-web-'));
  // Servers that drop their rights must still be able to read.
  chmodSync(directory, 0o755);
  certificate(directory);
  mkdirSync(join(directory, 'www'));
  writeFileSync(join(directory, 'www/index.html'), PAGE);
  const port = await freePort();
  const fill = (text: string) => text.replaceAll('{dir}', directory).replaceAll('{port}', String(port));
  writeFileSync(join(directory, file), fill(content));
  const child = spawn(program, args.map(fill), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += String(part)));
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      said += error.message;
      resolve();
    });
  });
  const onExit = () => void child.kill('SIGKILL');
  process.once('exit', onExit);
  const stop = async () => {
    process.off('exit', onExit);
    child.kill('SIGTERM');
    await exited;
    rmSync(directory, { recursive: true, force: true });
  };
  if (!(await accepts(port, exited))) {
    const log = existsSync(join(directory, 'error.log')) ? readFileSync(join(directory, 'error.log'), 'utf8') : '';
    await stop();
    throw new Error(`${program} did not start: ${(said + log).slice(-1_000)}\n${fill(content)}`);
  }
  return { url: `https://127.0.0.1:${port}/`, ca: readFileSync(join(directory, 'cert.pem'), 'utf8'), stop };
}

const TLS = 'ssl_certificate {dir}/cert.pem; ssl_certificate_key {dir}/key.pem;';

/** nginx with `lines` in its server block; in front of `upstream` (http://...) where there is one. */
export function nginxWith(lines: string, upstream: string | null): Recipe {
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path {dir}/${one};`);
  return {
    file: 'nginx.conf',
    content: `daemon off; ${user} pid {dir}/nginx.pid; error_log {dir}/error.log; events {}
http { include /etc/nginx/mime.types; access_log off; ${temp.join(' ')}
server { listen 127.0.0.1:{port} ssl; ${TLS}
${lines}
${upstream === null ? 'root {dir}/www;' : `location / { proxy_pass ${upstream}; }`} } }`,
    command: ['nginx', '-p', '{dir}', '-c', '{dir}/nginx.conf', '-e', '{dir}/error.log'],
  };
}

/** Apache with the modules of a Debian installation that has `a2enmod headers ssl proxy_http` behind it. */
export function apacheWith(lines: string, upstream: string | null): Recipe {
  const modules = ['mpm_event', 'authz_core', 'mime', 'dir', 'headers', 'ssl', 'proxy', 'proxy_http'];
  return {
    file: 'apache.conf',
    content: `ServerRoot {dir}
DefaultRuntimeDir {dir}
ServerName 127.0.0.1
PidFile {dir}/apache.pid
ErrorLog {dir}/error.log
User nobody
Group nogroup
${modules.map((one) => `LoadModule ${one}_module /usr/lib/apache2/modules/mod_${one}.so`).join('\n')}
Listen 127.0.0.1:{port}
TypesConfig /etc/mime.types
DirectoryIndex index.html
SSLEngine on
SSLCertificateFile {dir}/cert.pem
SSLCertificateKeyFile {dir}/key.pem
${lines}
${upstream === null ? 'DocumentRoot {dir}/www\n<Directory {dir}/www>\nRequire all granted\n</Directory>' : `ProxyPass / ${upstream}/`}
`,
    command: ['apache2', '-d', '{dir}', '-f', '{dir}/apache.conf', '-DFOREGROUND'],
  };
}

export function caddyWith(lines: string, upstream: string | null): Recipe {
  return {
    file: 'Caddyfile',
    content: `{
    admin off
    auto_https off
}
https://127.0.0.1:{port} {
    bind 127.0.0.1
    tls {dir}/cert.pem {dir}/key.pem
${lines}
    ${upstream === null ? 'root * {dir}/www\n    file_server' : `reverse_proxy ${upstream}`}
}
`,
    command: ['caddy', 'run', '--config', '{dir}/Caddyfile', '--adapter', 'caddyfile'],
  };
}

/** A program for this Node; `listener` is an expression that gives the request listener. */
export function nodeWith(imports: string, listener: string): Recipe {
  return {
    file: 'server.mjs',
    content: `import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
${imports}
const page = ${JSON.stringify(PAGE)};
const tls = { cert: readFileSync('{dir}/cert.pem'), key: readFileSync('{dir}/key.pem') };
createServer(tls, ${listener}).listen({port}, '127.0.0.1');
`,
    command: [process.execPath, '{dir}/server.mjs'],
  };
}
