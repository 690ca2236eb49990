import type { ToSend, Verdict } from '../channels/channel.ts';
import type { ChannelConfig } from '../core/alerting.ts';
import { type Incident, toPublicIncident } from '../core/incident.ts';
import { openChannel } from './deliver.ts';
import { type SendFn, sendAny } from './deliver-any.ts';

/** What came of one message of a test. */
export interface TestStep {
  type: 'incident.opened' | 'incident.resolved';
  verdict: Verdict;
}

/**
 * Sends an incident that says it is a test, then its end, so that nothing stays open at the receiver. One attempt each;
 * the end is not sent where the beginning did not arrive. `id` has to be new every time.
 */
export async function testChannel(
  config: ChannelConfig,
  { id, now, dashboard, send = sendAny }: { id: string; now: () => number; dashboard?: string; send?: SendFn },
): Promise<TestStep[]> {
  const channel = openChannel(config);
  const openedAt = now();
  const incident: Incident = {
    id,
    key: `self:channel-test:${config.id}`,
    state: 'open',
    severity: 'info',
    title: `Test of channel "${config.id}": nothing is wrong`,
    labels: { service: 'seaworthy' },
    source: 'self',
    causes: [],
    openedAt,
    updatedAt: openedAt,
    acknowledgedAt: null,
    resolvedAt: null,
  };
  const steps: TestStep[] = [];
  const receipts = new Map<string, string>();
  for (const type of ['incident.opened', 'incident.resolved'] as const) {
    const ended = type === 'incident.resolved';
    const shown: Incident = ended ? { ...incident, state: 'resolved', resolvedAt: now() } : incident;
    const notification = {
      type,
      reason: ended ? ('resolved' as const) : ('first' as const),
      incidents: [toPublicIncident(shown, [])],
    };
    const message: ToSend = {
      id: `${id}-${type.replace('incident.', '')}`,
      notification,
      now: now(),
      receipts,
      ...(dashboard === undefined ? {} : { dashboard }),
    };
    const verdict = channel.judge(await send(channel.render(message)), now(), message);
    steps.push({ type, verdict });
    if (verdict.outcome !== 'sent') break;
    if (verdict.receipt !== undefined) receipts.set(id, verdict.receipt);
  }
  return steps;
}
