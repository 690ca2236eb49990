import type { ChannelAnswer, ChannelRequest } from '../channels/channel.ts';
import { sendHttp } from './deliver-http.ts';

/** One attempt at a message. Never rejects: no answer is an answer too. */
export type SendFn = (request: ChannelRequest) => Promise<ChannelAnswer>;

/** Sends in the way that the message asks for; mail and programs are loaded only where somebody uses them. */
export const sendAny: SendFn = async (request) => {
  if ('mail' in request) return (await import('./deliver-mail.ts')).sendMail(request);
  if ('command' in request) return (await import('./deliver-command.ts')).runCommand(request);
  return sendHttp(request);
};
