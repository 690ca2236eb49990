/** Fields of a security.txt, names in lower case, in order (RFC 9116 2). */
export interface SecurityTxt {
  fields: readonly { name: string; value: string }[];
  signed: boolean;
  /** Lines that are neither field, comment nor empty. */
  strange: readonly string[];
}

/** Reads a security.txt, with the wrapping of an OpenPGP cleartext signature taken off (RFC 9116 2.3). */
export function parseSecurityTxt(text: string): SecurityTxt {
  let lines = text.split(/\r?\n/).slice(0, 1_000);
  const signed = lines[0]?.trim() === '-----BEGIN PGP SIGNED MESSAGE-----';
  if (signed) {
    const start = lines.indexOf('');
    const end = lines.findIndex((line) => line.startsWith('-----BEGIN PGP SIGNATURE-----'));
    lines = lines.slice(start + 1, end === -1 ? undefined : end).map((line) => line.replace(/^- /, ''));
  }
  const fields: { name: string; value: string }[] = [];
  const strange: string[] = [];
  for (const line of lines) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const match = /^([!-9;-~]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (match) fields.push({ name: (match[1] ?? '').toLowerCase(), value: match[2] ?? '' });
    else strange.push(line.slice(0, 120));
  }
  return { fields, signed, strange };
}

/** Epoch ms of an RFC 3339 date-time, or `null`. */
export function rfc3339(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const at = Date.parse(text.toUpperCase());
  return Number.isNaN(at) ? null : at;
}
