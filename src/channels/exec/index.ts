import { z } from 'zod';
import { type ChannelAnswer, defineChannel, type Verdict } from '../channel.ts';
import { headline } from '../words.ts';

const settings = z.strictObject({
  command: z.array(z.string().min(1)).min(1).describe('program and arguments; no shell reads them'),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).optional(),
});

/** Whole run, ms; below the lease of a message. */
const TIMEOUT_MS = 15_000;

/** sysexits.h: the codes by which a program says that trying again is of no use. 75, "temporary failure", is none of them. */
const FINAL = new Set([64, 65, 67, 68, 77, 78, 126, 127]);

/** A program of the user's own: the notification as JSON on its stdin, and the headline and id in its environment. */
export default defineChannel({
  kind: 'exec',
  settings,
  render(message, { command, env }) {
    const [program = '', ...args] = command;
    const own = {
      SEAWORTHY_MESSAGE_ID: message.id,
      SEAWORTHY_TYPE: message.notification.type,
      SEAWORTHY_HEADLINE: headline(message).replaceAll('\0', ''),
    };
    const input = `${JSON.stringify({ id: message.id, ...message.notification })}\n`;
    return { command: { program, args, input, env: { ...env, ...own }, timeoutMs: TIMEOUT_MS } };
  },
  judge: exitVerdict,
});

function exitVerdict(answer: ChannelAnswer): Verdict {
  if ('error' in answer) return { outcome: 'retry', reason: answer.error };
  const { status, body } = answer;
  if (status === 0) return { outcome: 'sent', note: 'the program ended with 0' };
  const said = body.replace(/[\u0000-\u0020\u007f]+/g, ' ').trim();
  const reason = `the program ended with ${status}${said === '' ? '' : `: ${said.slice(0, 120)}`}`;
  return FINAL.has(status) ? { outcome: 'give-up', reason } : { outcome: 'retry', reason };
}
