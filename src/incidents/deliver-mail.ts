import { createTransport } from 'nodemailer';
import type { ChannelAnswer, MailMessage } from '../channels/channel.ts';
import { reasonOf } from '../core/error.ts';

/** Connect, greeting and silence, ms; the whole attempt stays below the lease of a message. */
const STEP_MS = 5_000;
const TIMEOUT_MS = 15_000;

/**
 * One attempt over SMTP. The answer has the reply code of the server (RFC 5321, 4.2) as its status, 250 where it took the
 * mail for every recipient. A certificate that does not hold is an error and never ignored.
 */
export async function sendMail({ mail }: MailMessage): Promise<ChannelAnswer> {
  const { server, user, password, ca, from, to, messageId, references, subject, text, headers } = mail;
  const { hostname, port, protocol } = new URL(server);
  const secure = protocol === 'smtps:';
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    // A password never goes over a line that anybody can read.
    requireTLS: !secure && user !== undefined,
    connectionTimeout: STEP_MS,
    greetingTimeout: STEP_MS,
    socketTimeout: STEP_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    ...(ca === undefined ? {} : { tls: { ca } }),
  });
  const late = new Promise<ChannelAnswer>((resolve) => {
    const timer = setTimeout(() => resolve({ error: `no answer within ${TIMEOUT_MS / 1000} s` }), TIMEOUT_MS);
    timer.unref();
  });
  try {
    const sent = transport.sendMail({
      from,
      to,
      messageId,
      subject,
      text,
      headers,
      ...(references.length === 0 ? {} : { references, inReplyTo: references.at(-1) ?? '' }),
    });
    return await Promise.race([sent.then(({ response, rejected }) => answerOf(response, rejected.length)), late]);
  } catch (thrown) {
    return failureOf(thrown);
  } finally {
    transport.close();
  }
}

/** A mail that some of its recipients do not get has not arrived. */
function answerOf(response: string, rejected: number): ChannelAnswer {
  const status = /^(\d{3})/.exec(response)?.[1];
  if (rejected > 0) return { status: 550, headers: {}, body: `${rejected} of the recipients were refused` };
  return { status: Number(status ?? 250), headers: {}, body: response.slice(0, 200) };
}

function failureOf(thrown: unknown): ChannelAnswer {
  if (typeof thrown === 'object' && thrown !== null && 'responseCode' in thrown) {
    const { responseCode } = thrown;
    const said = 'response' in thrown ? String(thrown.response).slice(0, 200) : '';
    if (typeof responseCode === 'number') return { status: responseCode, headers: {}, body: said };
  }
  return { error: reasonOf(thrown) };
}
