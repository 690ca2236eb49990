import { randomBytes } from 'node:crypto';
import type { Asker } from './asker.ts';
import type { Hello } from './client-hello.ts';

/** Shorter than the 32 bytes of most, long enough that no other id begins the same by chance. */
const SHORT = 8;

export interface TicketAnswer {
  bleeds: boolean | null;
  /** True where the id came back, which a server does only for a session that it resumes; null where that says nothing. */
  resumed: true | null;
}

/**
 * CVE-2016-9244, by a resumption with a ticket and a session id of eight bytes: RFC 5077 3.4 has the server echo it, and a
 * vulnerable one fills it up to 32 bytes from its memory. What it fills it with is not kept.
 */
export async function tryTicketbleed(asker: Asker, hello: Hello, ticket: Uint8Array): Promise<TicketAnswer> {
  const sessionId = randomBytes(SHORT);
  const reply = await asker.ask({ ...hello, sessionId, ticket });
  if (reply.kind === 'refused') return { bleeds: false, resumed: null };
  if (reply.kind === 'lost') return { bleeds: null, resumed: null };
  const answered = Buffer.from(reply.flight.sessionId);
  const echoed = answered.subarray(0, SHORT).equals(sessionId);
  return { bleeds: echoed && answered.length > SHORT, resumed: echoed || null };
}
