import type { z } from 'zod';
import { hostOsFacts } from './host-os.ts';
import { httpFacts } from './http.ts';
import { repositoryFacts } from './repository.ts';
import { sshdFacts } from './sshd.ts';
import { tlsFacts } from './tls.ts';

/**
 * The map of facts: every kind of fact that a probe can collect and a check can ask for. One line per kind, one file per
 * line. Keys are public (`--save-facts` writes them); those of a host's one script start with `host.`.
 */
export const FACTS = {
  http: httpFacts,
  tls: tlsFacts,
  sshd: sshdFacts,
  repository: repositoryFacts,
  'host.os': hostOsFacts,
} as const;

export type FactKey = keyof typeof FACTS;
export type FactMap = { [K in FactKey]: z.output<(typeof FACTS)[K]> };
export const FACT_KEYS = Object.keys(FACTS) as FactKey[];
