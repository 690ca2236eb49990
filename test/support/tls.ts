import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../fixtures/tls');

let made: { key: string; cert: string } | undefined;

/** Key and self-signed P-256 certificate for shop.example, made once per process: no private key lies in the repository. */
export function testCertificate(): { key: string; cert: string } {
  made ??= make();
  return made;
}

function make(): { key: string; cert: string } {
  const out = mkdtempSync(join(tmpdir(), 'seaworthy-cert-'));
  const files = { key: join(out, 'key.pem'), cert: join(out, 'cert.pem') };
  try {
    const subject = ['-subj', '/CN=shop.example', '-addext', 'basicConstraints=critical,CA:FALSE'];
    const names = 'subjectAltName=DNS:shop.example,DNS:*.shop.example,IP:127.0.0.1,IP:::1';
    const issuer = 'authorityInfoAccess=OCSP;URI:http://ocsp.shop.example/,caIssuers;URI:http://ca.shop.example/ca.crt';
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const written = ['-keyout', files.key, '-out', files.cert];
    const more = ['crlDistributionPoints=URI:http://ca.shop.example/crl', 'tlsfeature=status_request'];
    const extensions = [names, issuer, ...more].flatMap((one) => ['-addext', one]);
    execFileSync('openssl', ['req', '-x509', '-days', '3650', ...curve, ...subject, ...extensions, ...written], {
      stdio: 'pipe',
    });
    return { key: readFileSync(files.key, 'utf8'), cert: readFileSync(files.cert, 'utf8') };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** A recorded certificate as DER. */
export function certificateDer(name: string): Buffer {
  return new X509Certificate(read(name)).raw;
}

/** Recorded bytes, kept as hexadecimal text. */
export function recordedBytes(name: string): Buffer {
  return Buffer.from(read(name).replace(/\s+/g, ''), 'hex');
}

function read(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}
