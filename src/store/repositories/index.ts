import type { Store } from '../store.ts';
import { sessionRepository, tokenRepository } from './access.ts';
import { attestationRepository } from './attestations.ts';
import { auditRepository } from './audits.ts';
import { baselineRepository } from './baselines.ts';
import { deploymentRepository } from './deployments.ts';
import { factsRepository } from './facts.ts';
import { findingRepository } from './findings.ts';
import { incidentRepository } from './incidents.ts';
import { journalRepository } from './journal.ts';
import { metaRepository } from './meta.ts';
import { monitorRepository } from './monitors.ts';
import { outboxRepository } from './outbox.ts';
import { pingRepository } from './pings.ts';
import { receiptRepository } from './receipts.ts';
import { targetRepository } from './targets.ts';
import { waiverRepository } from './waivers.ts';
import { maintenanceRepository, onCallOverrideRepository, silenceRepository } from './windows.ts';

/** All repositories over one store. */
export function repositories(store: Store) {
  return {
    targets: targetRepository(store),
    audits: auditRepository(store),
    facts: factsRepository(store),
    findings: findingRepository(store),
    baselines: baselineRepository(store),
    monitors: monitorRepository(store),
    pings: pingRepository(store),
    incidents: incidentRepository(store),
    outbox: outboxRepository(store),
    receipts: receiptRepository(store),
    silences: silenceRepository(store),
    maintenance: maintenanceRepository(store),
    overrides: onCallOverrideRepository(store),
    waivers: waiverRepository(store),
    attestations: attestationRepository(store),
    deployments: deploymentRepository(store),
    tokens: tokenRepository(store),
    sessions: sessionRepository(store),
    journal: journalRepository(store),
    meta: metaRepository(store),
  };
}
export type Repositories = ReturnType<typeof repositories>;
