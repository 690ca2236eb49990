import type { Good } from './last-good.ts';
import type { StatusData } from './status-data.ts';

const escaped = (text: string) =>
  text
    // XML 1.0 forbids these characters, escaped or not.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** An Atom feed (RFC 4287) of the incidents: an entry each, updated when it ends. */
export function statusFeed({ value, at }: Good<StatusData>, origin: string): string {
  const updated =
    value.incidents
      .map((one) => one.resolvedAt ?? one.openedAt)
      .sort()
      .at(-1) ?? new Date(at).toISOString().slice(0, 10).concat('T00:00:00Z');
  const entries = value.incidents.map((one) => {
    const text = one.resolvedAt === null ? `${one.name} is down` : `${one.name} was down`;
    const content = `From ${one.openedAt}${one.resolvedAt === null ? '; it is not over' : ` to ${one.resolvedAt}`}.`;
    return `<entry><id>urn:seaworthy:incident:${escaped(one.id)}</id><title>${escaped(text)}</title><published>${one.openedAt}</published><updated>${one.resolvedAt ?? one.openedAt}</updated><link href="${escaped(origin)}/status"/><content type="text">${escaped(content)}</content></entry>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>${escaped(origin)}/status</id><title>Status</title><updated>${updated}</updated><author><name>Seaworthy</name></author><link rel="self" href="${escaped(origin)}/status/feed.atom"/><link href="${escaped(origin)}/status"/>${entries.join('')}</feed>
`;
}
