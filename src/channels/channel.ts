import type { z } from 'zod';
import type { Notification } from '../core/notification.ts';

/** A message that has to be put into a channel's own form. */
export interface ToSend {
  /** The same at every attempt: receivers tell a repetition by it. */
  id: string;
  notification: Notification;
  /** Epoch ms of this attempt. */
  now: number;
}

/** What goes over the wire. */
export interface ChannelRequest {
  method: 'POST' | 'PUT';
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** What came back; header names in lower case, the body cut after a few KiB. `error`: there was no answer. */
export type ChannelAnswer = { status: number; headers: Record<string, string>; body: string } | { error: string };

/** What to make of an answer. `afterMs`: the receiver said when to come again. */
export type Verdict =
  | { outcome: 'sent'; note: string }
  | { outcome: 'retry'; reason: string; afterMs?: number }
  | { outcome: 'give-up'; reason: string };

/** A way to tell people: the schema of its settings, a pure rendering, and a judge of the answer. Sending is not its concern. */
export interface Channel<S = unknown> {
  kind: string;
  settings: z.ZodType<S>;
  render(message: ToSend, settings: S): ChannelRequest;
  judge(answer: ChannelAnswer, now: number): Verdict;
}

/** A channel whose settings have been read by its own schema, ready to send. */
export interface OpenChannel {
  id: string;
  kind: string;
  render(message: ToSend): ChannelRequest;
  judge(answer: ChannelAnswer, now: number): Verdict;
}

/** A channel as the register holds it: its settings are read where it is opened. */
export interface DefinedChannel {
  kind: string;
  settings: z.ZodType;
  /** Throws the schema's error where the settings do not fit. */
  open(id: string, settings: unknown): OpenChannel;
}

export function defineChannel<S>(channel: Channel<S>): DefinedChannel {
  const { kind, settings } = channel;
  return {
    kind,
    settings,
    open(id, given) {
      const parsed = settings.parse(given);
      return {
        id,
        kind,
        render: (message) => channel.render(message, parsed),
        judge: (answer, now) => channel.judge(answer, now),
      };
    },
  };
}
