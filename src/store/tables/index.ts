import { audits, baselines, facts, findingChanges, findings, targetHeads, targets } from './audits.ts';
import {
  incidentEvents,
  incidents,
  maintenance,
  onCallOverrides,
  outbox,
  outboxIncidents,
  receipts,
  silences,
} from './incidents.ts';
import { beats, monitorChanges, monitorStates, pings, rollups } from './monitors.ts';
import { attestations, deployments, journal, meta, sessions, tokens, waivers } from './people.ts';

/** The whole schema, once. */
export const TABLES = {
  targets,
  audits,
  targetHeads,
  facts,
  findings,
  findingChanges,
  baselines,
  monitorStates,
  monitorChanges,
  beats,
  rollups,
  pings,
  incidents,
  incidentEvents,
  outbox,
  outboxIncidents,
  receipts,
  silences,
  maintenance,
  onCallOverrides,
  waivers,
  attestations,
  deployments,
  tokens,
  sessions,
  journal,
  meta,
};

export type Tables = { [K in keyof typeof TABLES]: (typeof TABLES)[K]['pg'] };

/** The tables of one database. The SQLite ones stand in for the PostgreSQL ones: same names, same rows. */
export function tablesFor(dialect: 'sqlite' | 'postgres'): Tables {
  const chosen = Object.entries(TABLES).map(([name, pair]) => [name, dialect === 'sqlite' ? pair.sqlite : pair.pg]);
  return Object.fromEntries(chosen) as Tables;
}
