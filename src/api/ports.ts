import type { Check } from '../core/check.ts';
import type { PublicIncident } from '../core/incident.ts';
import type { AuditReport, TargetReport } from '../core/report.ts';
import type { ExternalAlert } from '../incidents/external.ts';
import type { Identity } from './env.ts';
import type { EventHub } from './event-hub.ts';
import type { GateAnswer, GateOptions } from './gate.ts';
import type { IncidentContext } from './incidents.ts';
import type { BeatRow, MonitorFilter, MonitorItem, MonitorPage, SloRow, UptimeItem } from './monitors.ts';
import type {
  OnCallOverrideInput,
  OnCallOverrideView,
  OnCallPersonView,
  OnCallScheduleView,
  RouteAnswerView,
  RouteQuestionInput,
} from './oncall.ts';
import type { Listed, PageQuery } from './paging.ts';
import type { PicturePort } from './pictures.ts';
import type { Attestation, Deployment, Maintenance, NewRecord, Silence, WaiverRecord } from './records.ts';
import type {
  AuditItem,
  FindingChange,
  FleetScorecard,
  HistoryPoint,
  ListedFinding,
  ServiceScorecard,
  TargetDetail,
  TargetItem,
} from './schemas.ts';

/** Range of an answer over time, epoch ms. */
export interface Range {
  from: number;
  to: number;
}

/** What is known of the fleet: configuration joined with the newest audits. `null` = no such thing. */
export interface FleetPort {
  targets(): Promise<TargetItem[]>;
  target(id: string): Promise<TargetDetail | null>;
  scorecard(): Promise<FleetScorecard>;
  service(id: string): Promise<ServiceScorecard | null>;
  /** `null` also where the target has not been audited yet. */
  report(targetId: string): Promise<TargetReport | null>;
  /** Current findings of one target, or of all. */
  findings(targetId: string | null): Promise<ListedFinding[]>;
  history(targetId: string, range: Partial<Range>, limit: number): Promise<HistoryPoint[]>;
  /** Newest first. */
  changes(filter: { target?: string | undefined; since: number; limit: number }): Promise<FindingChange[]>;
}

export interface AuditPort {
  page(query: PageQuery & { target?: string | undefined }): Promise<Listed<AuditItem>>;
  get(id: string): Promise<{ item: AuditItem; report: TargetReport | null } | null>;
  /** Starts one, or says which one is already running on this host. */
  start(targetId: string, actor: string): { id: string; started: boolean };
  /** Judges the stored facts with the checks and rules of today. Saves nothing. */
  replay(id: string): Promise<TargetReport | null>;
}

export interface MonitorPort {
  /** Those that are named, by monitor or by target. */
  some(filter: { ids?: readonly string[]; targets?: readonly string[] }): Promise<MonitorItem[]>;
  /** Down first, then unknown, then up; by id within each. */
  page(query: PageQuery & MonitorFilter): Promise<MonitorPage>;
  beats(id: string, range: Range, stepMs: number): Promise<BeatRow[] | null>;
  uptime(range: Range): Promise<UptimeItem[]>;
  slos(): Promise<SloRow[]>;
  ping(ping: Ping): Promise<boolean>;
}

/** What a job reported. */
export interface Ping {
  id: string;
  kind: 'success' | 'start' | 'fail' | 'log';
  exitCode: number | null;
  body: string | null;
  remote: string | null;
}

export interface IncidentFilter {
  state?: readonly PublicIncident['state'][] | undefined;
  target?: string | undefined;
  service?: string | undefined;
}

export interface IncidentPort {
  page(query: PageQuery & IncidentFilter): Promise<Listed<PublicIncident>>;
  get(id: string): Promise<PublicIncident | null>;
  context(id: string): Promise<IncidentContext | null>;
  acknowledge(id: string, actor: string, text: string | null): Promise<PublicIncident | null>;
  resolve(id: string, actor: string, text: string | null): Promise<PublicIncident | null>;
  note(id: string, actor: string, text: string): Promise<PublicIncident | null>;
}

export interface OnCallPort {
  /** Every schedule with its calendar of `[from, to)`, epoch ms. */
  schedules(from: number, to: number): Promise<OnCallScheduleView[]>;
  people(): Promise<OnCallPersonView[]>;
  overrides(): Promise<OnCallOverrideView[]>;
  addOverride(input: OnCallOverrideInput, actor: string): Promise<OnCallOverrideView>;
  removeOverride(id: string, actor: string): Promise<boolean>;
  routeTest(question: Omit<RouteQuestionInput, 'at'>, at: number): Promise<RouteAnswerView>;
}

/** Calendars of who is on call. */
export interface CalendarPort {
  /** Path and key of a feed. */
  address(kind: 'schedule' | 'person', id: string): Promise<string>;
  /** Its text; `null` where there is none or the key is wrong. */
  feed(kind: 'schedule' | 'person', id: string, key: string): Promise<string | null>;
}

/** Alerts that others post. */
export interface ExternalPort {
  /** Resolves when they are stored. */
  take(alerts: readonly ExternalAlert[]): Promise<void>;
}

/** Records that people make at run time. `remove` ends one (its trace stays) and answers whether there was one. */
export interface RecordPort<T> {
  list(): Promise<T[]>;
  add(input: NewRecord<T>, actor: string): Promise<T>;
  remove(id: string, actor: string): Promise<boolean>;
}

export interface IdentityPort {
  /** By the SHA-256 (hex) of the token. */
  token(hash: string): Promise<Identity | null>;
  session(hash: string): Promise<Identity | null>;
  openSession(session: {
    hash: string;
    identity: Identity;
    tokenHash: string | null;
    expiresAt: number;
  }): Promise<void>;
  closeSession(hash: string): Promise<void>;
}

/** One thing that must hold for the service to be of use. */
export interface ReadyItem {
  name: string;
  ok: boolean;
  detail: string;
}

/** Everything that the API asks of the rest of the service. */
export interface ApiPorts {
  /** Epoch ms. */
  now(): number;
  version: string;
  checks: readonly Check[];
  fleet: FleetPort;
  pictures: PicturePort;
  audits: AuditPort;
  monitors: MonitorPort;
  incidents: IncidentPort;
  onCall: OnCallPort;
  external: ExternalPort;
  calendars: CalendarPort;
  waivers: RecordPort<WaiverRecord>;
  silences: RecordPort<Silence>;
  maintenance: RecordPort<Maintenance>;
  attestations: RecordPort<Attestation>;
  deployments: Pick<RecordPort<Deployment>, 'add'> & { page(query: PageQuery): Promise<Listed<Deployment>> };
  gate(report: AuditReport, options: GateOptions): Promise<GateAnswer>;
  identities: IdentityPort;
  events: EventHub;
  /** Ids of targets that may be seen without a token. */
  publish(): { status: readonly string[]; badges: readonly string[]; metrics: boolean };
  ready(): Promise<ReadyItem[]>;
  metrics(): Promise<{ contentType: string; text: string }>;
}
