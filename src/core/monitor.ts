import type { Severity } from './severity.ts';

/** `unknown` = we could not look (trouble of our own), which is neither good nor bad news about the target. */
export const BEAT_STATES = ['up', 'down', 'unknown'] as const;
export type BeatState = (typeof BEAT_STATES)[number];

/** What a body has to be like. `path` is a JSONPath of names and indexes (`$.db.state`, `$.nodes[0]`); a missing path fails. */
export type BodyAssertion =
  | { kind: 'contains'; text: string }
  | { kind: 'jsonPath'; path: string; equals: string | number | boolean | null };

/** What an HTTP answer must be like for the target to be up. An empty `status` list means 200-299. */
export interface HttpExpectation {
  status: number[];
  latencyBelowMs: number | null;
  body: BodyAssertion[];
  certificateValidForMs: number | null;
}

/** One way of looking at a target. */
export type Look =
  | {
      kind: 'http';
      url: string;
      method: 'GET' | 'HEAD';
      expect: HttpExpectation;
      ca: string[];
      /** So many redirects are followed; none where absent. */
      redirects?: number;
    }
  | { kind: 'tcp'; host: string; port: number; latencyBelowMs: number | null }
  | ({ kind: 'tls'; host: string; port: number; ca: string[] } & Met)
  /** What the server says first, without a log-in; `text` has to be part of it. */
  | ({
      kind: 'greeting';
      protocol: GreetingProtocol;
      host: string;
      port: number;
      tls: { ca: string[] } | null;
      text: string[];
    } & Met)
  | ({ kind: 'websocket'; url: string; ca: string[] } & Met)
  /** grpc.health.v1; an empty `service` asks for the whole server. */
  | ({ kind: 'grpc'; host: string; port: number; tls: { ca: string[] } | null; service: string } & Met)
  | {
      kind: 'dns';
      name: string;
      type: DnsRecordType;
      /** `address` or `address:port`; `null` = the system's resolvers. */
      server: string | null;
      /** Each has to be among the records, written as in a zone file. */
      records: string[];
      /** The answer has to carry the AD flag. */
      dnssec: boolean;
      latencyBelowMs: number | null;
    }
  | { kind: 'icmp'; host: string; latencyBelowMs: number | null };

/** What must hold of any connection, over TLS or not. */
interface Met {
  latencyBelowMs: number | null;
  certificateValidForMs: number | null;
}

export const GREETING_PROTOCOLS = ['ssh', 'smtp', 'imap', 'pop3', 'ftp', 'postgres', 'mysql', 'redis'] as const;
export type GreetingProtocol = (typeof GREETING_PROTOCOLS)[number];

export const DNS_RECORD_TYPES = ['A', 'AAAA', 'CNAME', 'NS', 'PTR', 'MX', 'SRV', 'CAA', 'SOA', 'TXT'] as const;
export type DnsRecordType = (typeof DNS_RECORD_TYPES)[number];

/** What is promised: `objective` as a share (0.999), over a rolling period. */
export interface Slo {
  objective: number;
  windowMs: number;
}

/** A monitor: how, how often, and how many looks in a row change its state. */
export interface MonitorSpec {
  /** Id of the target it watches. */
  id: string;
  name: string;
  look: Look;
  /** Addresses of this family only; any where absent. */
  family?: 4 | 6;
  everyMs: number;
  timeoutMs: number;
  downAfter: number;
  upAfter: number;
  severity: Severity;
  slo?: Slo;
  /** Labels of the signals it raises: target, service, environment and the target's own. */
  labels: Record<string, string>;
}

/** A heartbeat: a job that reports by itself and is down when it is late. */
export interface HeartbeatSpec {
  /** Id of the target; also the slug of `/ping/{id}`. */
  id: string;
  name: string;
  schedule: { everyMs: number } | { cron: string; timeZone: string };
  graceMs: number;
  severity: Severity;
  labels: Record<string, string>;
}

/** How long each part of a look took, ms; what did not happen (a reused or plain connection) is `null`. */
export interface BeatTimings {
  resolve: number | null;
  connect: number | null;
  tls: number | null;
  firstByte: number | null;
  transfer: number | null;
}

/** One look. Epoch ms; `startedAt - scheduledAt` is our own lateness. */
export interface Beat {
  monitorId: string;
  scheduledAt: number;
  startedAt: number;
  finishedAt: number;
  state: BeatState;
  /** How long the target took as the assertions judge it; `null` where there was no answer. */
  latencyMs: number | null;
  timings: BeatTimings | null;
  /** HTTP status, where there was one. */
  code: number | null;
  /** Why it is not up, one line; `null` when it is. */
  reason: string | null;
}

/** Where a monitor stands after its beats: what `step` folds over and what survives a restart. */
export interface MonitorState {
  monitorId: string;
  /** The confirmed state; `unknown` until the first confirmation, and while we cannot see. */
  state: BeatState;
  /** The last that was known for sure, which outlasts blindness. Absent: the state itself says it. */
  verdict?: 'up' | 'down';
  /** The run of looks that could not be taken, up to now. */
  blind?: { count: number; since: number } | null;
  /** While the state is unknown: the first look of a run of verdicts after it. */
  sightedAt?: number | null;
  /** Epoch ms since when the state holds: the first beat of the streak that confirmed it. */
  since: number;
  /** The newest run of equal beats (unknown ones aside). */
  streak: { state: 'up' | 'down'; count: number; since: number } | null;
  /** Instants of the newest confirmed changes, for flap damping; bounded. */
  changes: number[];
  /** Epoch ms until which a flapping monitor's recovery is held back; `null` when it does not flap. */
  flappingUntil: number | null;
  lastBeatAt: number | null;
  lastReason: string | null;
}

/** A minute, hour or day of beats. `from` is epoch ms, a multiple of the width. */
export interface BeatRollup {
  monitorId: string;
  from: number;
  widthMs: number;
  up: number;
  down: number;
  unknown: number;
  /** Over beats with a latency. */
  latencyCount: number;
  latencySum: number;
  latencyMin: number | null;
  latencyMax: number | null;
  /** Of each phase of a look, over the same beats; `null` where none of them had it. */
  resolveSum: number | null;
  connectSum: number | null;
  tlsSum: number | null;
  firstByteSum: number | null;
  transferSum: number | null;
}
