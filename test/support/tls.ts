import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../fixtures/tls');

/** Key and self-signed P-256 certificate for shop.example, valid until 2126, made for the tests. */
export function testCertificate(): { key: string; cert: string } {
  return { key: read('shop.key'), cert: read('shop.crt') };
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
