export const ROLES = ['viewer', 'operator', 'admin', 'ci'] as const;
export type Role = (typeof ROLES)[number];

const EVERYONE: readonly Role[] = ROLES;
const OPERATORS: readonly Role[] = ['operator', 'admin'];

/** What a pipeline may change; everything else that changes something is for operators. */
const PIPELINE = [
  /^\/api\/v1\/gate$/,
  /^\/api\/v1\/deployments$/,
  /^\/api\/v1\/targets\/[^/]+\/audit$/,
  /^\/api\/v2\/alerts$/,
];

/** Paths that need no identity: liveness, jobs that report, and pages that show only what `publish` names. */
const OPEN = [
  /^\/healthz$/,
  /^\/readyz$/,
  /^\/ping\//,
  /^\/api\/v1\/ping\//,
  /^\/status(?:\/feed\.atom)?$/,
  /^\/badge\//,
  /^\/calendar\//,
];

/** Exchanges a one-time code or a token for a session, and ends it. */
const SESSION = /^\/api\/v1\/session$/;

/** True for paths that answer without a token. Everything else below `/api` and `/metrics` needs one. */
export function isOpen(path: string): boolean {
  return OPEN.some((pattern) => pattern.test(path)) || SESSION.test(path);
}

/** Who may do this. Reading is for every role; a route that nobody thought of is for operators. */
export function rolesFor(method: string, path: string): readonly Role[] {
  if (method === 'GET' || method === 'HEAD') return EVERYONE;
  if (PIPELINE.some((pattern) => pattern.test(path))) return [...OPERATORS, 'ci'];
  return OPERATORS;
}
