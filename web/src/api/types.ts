import type { z } from 'zod';
import type { checkItem } from '../../../src/api/checks.ts';
import type { FleetScorecard } from '../../../src/api/schemas.ts';
import type { me } from '../../../src/api/session.ts';
import type { categoryScoreSchema } from '../../../src/core/report.ts';

/** What the API answers: the types of its own schemas. Types only: nothing of the service runs in the browser. */
export type { IncidentContext } from '../../../src/api/incidents.ts';
export type { BeatRow, MonitorItem, MonitorPage } from '../../../src/api/monitors.ts';
export type {
  OnCallOverrideView,
  OnCallPersonView,
  OnCallScheduleView,
  RouteAnswerView,
} from '../../../src/api/oncall.ts';
export type { Maintenance, Silence } from '../../../src/api/records.ts';
export type {
  AuditItem,
  FindingChange,
  FleetScorecard,
  HistoryPoint,
  ListedFinding,
  ReadinessItem,
  ServiceScorecard,
  TargetDetail,
  TargetItem,
} from '../../../src/api/schemas.ts';
export type { PublicIncident as Incident } from '../../../src/core/incident.ts';
export type { TargetReport } from '../../../src/core/report.ts';
export type CategoryScore = z.infer<typeof categoryScoreSchema>;
export type ServiceScore = FleetScorecard['services'][number];
export type CheckItem = z.infer<typeof checkItem>;
export type Me = z.infer<typeof me>;

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
