/** Lengths of the digests in base64 characters without padding (SRI 3.1). */
const DIGEST_LENGTHS: Record<string, number> = { sha256: 43, sha384: 64, sha512: 86 };

/**
 * Whether an integrity attribute makes browsers check anything: unknown or malformed entries are ignored, and without a
 * single valid one the file is loaded unchecked (SRI 3.3.4).
 */
export function validIntegrity(attribute: string): boolean {
  return attribute
    .split(/[\t\n\f\r ]+/)
    .slice(0, 100)
    .some((entry) => {
      const match = /^(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+)={0,2}(?:\?.*)?$/i.exec(entry);
      return match !== null && match[2]?.length === DIGEST_LENGTHS[(match[1] ?? '').toLowerCase()];
    });
}
