import { int, json, str, table } from '../columns.ts';

/** Waivers made at run time; those of the configuration stay there. `until` is a date, the day itself included. */
export const waivers = table(
  'waivers',
  {
    id: str.required(),
    checkId: str.required(),
    targetId: str.nullable(),
    subject: str.nullable(),
    until: str.required(),
    reason: str.required(),
    owner: str.required(),
    createdAt: int.required(),
    createdBy: str.required(),
    revokedAt: int.nullable(),
  },
  { primary: ['id'] },
);

/** A person's word that a checklist item holds for a service, with evidence and an end. */
export const attestations = table(
  'attestations',
  {
    id: str.required(),
    item: str.required(),
    service: str.required(),
    statement: str.required(),
    evidence: str.nullable(),
    owner: str.required(),
    createdAt: int.required(),
    createdBy: str.required(),
    validUntil: int.required(),
    revokedAt: int.nullable(),
  },
  { primary: ['id'], indexes: [['service', 'item']] },
);

export const deployments = table(
  'deployments',
  {
    id: str.required(),
    service: str.required(),
    environment: str.required(),
    version: str.required(),
    commit: str.nullable(),
    at: int.required(),
    actor: str.nullable(),
    url: str.nullable(),
  },
  {
    primary: ['id'],
    indexes: [
      ['service', 'environment', 'at'],
      ['at', 'id'],
    ],
  },
);

export const ROLES = ['viewer', 'operator', 'admin', 'ci'] as const;
export type Role = (typeof ROLES)[number];

/** API tokens by the SHA-256 of their text; the text itself is shown once and kept nowhere. */
export const tokens = table(
  'tokens',
  {
    id: str.required(),
    hash: str.required(),
    role: str.required<Role>(),
    name: str.required(),
    createdAt: int.required(),
    lastUsedAt: int.nullable(),
    revokedAt: int.nullable(),
  },
  { primary: ['id'], unique: [['hash']] },
);

/** Log-ins of the dashboard, by the SHA-256 of the cookie. */
export const sessions = table(
  'sessions',
  {
    hash: str.required(),
    role: str.required<Role>(),
    subject: str.required(),
    tokenId: str.nullable(),
    createdAt: int.required(),
    expiresAt: int.required(),
  },
  { primary: ['hash'], indexes: [['expiresAt']] },
);

/** Who changed what at run time. */
export const journal = table(
  'journal',
  {
    id: str.required(),
    at: int.required(),
    actor: str.required(),
    action: str.required(),
    subject: str.required(),
    details: json.nullable<Record<string, unknown>>(),
  },
  { primary: ['id'], indexes: [['at', 'id']] },
);

export const meta = table('meta', { key: str.required(), value: json.required<unknown>() }, { primary: ['key'] });
