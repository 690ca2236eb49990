import type { z } from 'zod';
import type { Notification } from '../core/notification.ts';

/** A message that has to be put into a channel's own form. */
export interface ToSend {
  /** The same at every attempt: receivers tell a repetition by it. */
  id: string;
  notification: Notification;
  /** Epoch ms of this attempt. */
  now: number;
  /** Incident id to what this channel's service called its earlier message about it (`receipt` of a verdict). */
  receipts?: ReadonlyMap<string, string>;
  /** Where people reach the dashboard, without a slash at the end; absent where nobody said. */
  dashboard?: string;
}

/** A request over HTTP. */
export interface HttpMessage {
  method: 'POST' | 'PUT' | 'PATCH';
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** A mail. Addresses as in a header (`Ana <ana@example.com>`); ids with their angle brackets. */
export interface MailMessage {
  mail: {
    /** `smtp://host:port` (STARTTLS where offered) or `smtps://host:port`. */
    server: string;
    user?: string;
    password?: string;
    /** PEM of a private certification authority. */
    ca?: string;
    from: string;
    to: string[];
    messageId: string;
    references: string[];
    subject: string;
    text: string;
    headers: Record<string, string>;
  };
}

/** A program run without a shell, with `input` on its stdin and no environment but `env` and PATH. */
export interface CommandMessage {
  command: { program: string; args: string[]; input: string; env: Record<string, string>; timeoutMs: number };
}

export type ChannelRequest = HttpMessage | MailMessage | CommandMessage;

/** What came back; header names in lower case, the body cut after a few KiB. `error`: there was no answer. */
export type ChannelAnswer = { status: number; headers: Record<string, string>; body: string } | { error: string };

/** What to make of an answer. `afterMs`: the receiver said when to come again. `receipt`: what it calls this message. */
export type Verdict =
  | { outcome: 'sent'; note: string; receipt?: string }
  | { outcome: 'retry'; reason: string; afterMs?: number }
  | { outcome: 'give-up'; reason: string };

/**
 * A way to tell people: the schema of its settings, a pure rendering, and a judge of the answer. Sending is not its concern.
 * A mail's answer has the SMTP reply code as its status, a command's its exit code.
 */
export interface Channel<S = unknown> {
  kind: string;
  settings: z.ZodType<S>;
  /** True where the service knows one thing per message (an alert with its own life): each incident leaves alone. */
  perIncident?: boolean;
  render(message: ToSend, settings: S): ChannelRequest;
  judge(answer: ChannelAnswer, now: number, message: ToSend): Verdict;
}

/** A channel whose settings have been read by its own schema, ready to send. */
export interface OpenChannel {
  id: string;
  kind: string;
  render(message: ToSend): ChannelRequest;
  judge(answer: ChannelAnswer, now: number, message: ToSend): Verdict;
}

/** A channel as the register holds it: its settings are read where it is opened. */
export interface DefinedChannel {
  kind: string;
  settings: z.ZodType;
  perIncident: boolean;
  /** Throws the schema's error where the settings do not fit. */
  open(id: string, settings: unknown): OpenChannel;
}

export function defineChannel<S>(channel: Channel<S>): DefinedChannel {
  const { kind, settings } = channel;
  return {
    kind,
    settings,
    perIncident: channel.perIncident ?? false,
    open(id, given) {
      const parsed = settings.parse(given);
      return {
        id,
        kind,
        render: (message) => channel.render(message, parsed),
        judge: (answer, now, message) => channel.judge(answer, now, message),
      };
    },
  };
}
