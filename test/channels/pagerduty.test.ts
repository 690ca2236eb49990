import { describe, expect, it } from 'vitest';
import { type Call, deliver, incident, message, openKind, type Reply, serve, shown } from './support.ts';

const KEY = 'r0123456789abcdef0123456789abcdef';

/** Events API v2 as documented: 202, 400 with the errors, 429 where there were too many. Alerts live by their key. */
function eventsApi({ limit = 100 } = {}) {
  const alerts = new Map<string, string>();
  let taken = 0;
  const api = ({ method, path, body }: Call): Reply => {
    if (method !== 'POST' || path !== '/v2/enqueue') return { status: 404 };
    taken += 1;
    if (taken > limit) return { status: 429, headers: { 'retry-after': '7' }, body: 'Too Many Requests' };
    const event = JSON.parse(body);
    const errors: string[] = [];
    if (event.routing_key !== KEY) errors.push("'routing_key' is invalid");
    if (!['trigger', 'acknowledge', 'resolve'].includes(event.event_action)) errors.push("'event_action' is invalid");
    if (typeof event.dedup_key !== 'string' || event.dedup_key.length > 255) errors.push("'dedup_key' is too long");
    if (event.event_action === 'trigger') {
      const { summary, source, severity } = event.payload ?? {};
      if (!summary || summary.length > 1024) errors.push("'payload.summary' is missing or too long");
      if (!source) errors.push("'payload.source' is missing or blank");
      if (!['critical', 'error', 'warning', 'info'].includes(severity)) errors.push("'payload.severity' is invalid");
    }
    if (errors.length > 0)
      return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors } };
    alerts.set(event.dedup_key, event.event_action);
    return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: event.dedup_key } };
  };
  return { api, alerts };
}

describe('pagerduty', () => {
  it.each(['open', 'acknowledged', 'resolved'] as const)('renders an incident that is %s', async (state) => {
    const request = openKind('pagerduty', { routingKey: KEY }).render(message(state));
    await expect(shown(request)).toMatchFileSnapshot(`golden/pagerduty-${state}.json`);
  });

  it('triggers, acknowledges and resolves one alert', async () => {
    const { api, alerts } = eventsApi();
    const { url } = await serve(api);
    const channel = openKind('pagerduty', { routingKey: KEY, url: `${url}/v2/enqueue` });
    const seen: (string | undefined)[] = [];
    for (const state of ['open', 'acknowledged', 'resolved'] as const) {
      expect(await deliver(channel, message(state))).toMatchObject({ outcome: 'sent' });
      seen.push(alerts.get('i1'));
    }
    expect(seen).toEqual(['trigger', 'acknowledge', 'resolve']);
    expect(alerts.size).toBe(1);
  });

  it('keeps within the limits of an event, whatever the incident says', async () => {
    const { url, calls } = await serve(eventsApi().api);
    const channel = openKind('pagerduty', { routingKey: KEY, url: `${url}/v2/enqueue` });
    const huge = incident({
      title: '€'.repeat(5_000),
      timeline: [{ at: '', type: 'opened', text: 'x'.repeat(100_000) }],
    });
    expect(await deliver(channel, message('open', { incidents: [huge] }))).toMatchObject({ outcome: 'sent' });
    expect(calls[0]?.body.length).toBeLessThan(512 * 1024);
  });

  it('comes again after the time that a rate limit names', async () => {
    const { url } = await serve(eventsApi({ limit: 0 }).api);
    const verdict = await deliver(openKind('pagerduty', { routingKey: KEY, url: `${url}/v2/enqueue` }), message());
    expect(verdict).toMatchObject({ outcome: 'retry', afterMs: 7_000 });
  });

  it('gives up where the key is wrong, with what PagerDuty said', async () => {
    const { url } = await serve(eventsApi().api);
    const verdict = await deliver(openKind('pagerduty', { routingKey: 'wrong', url: `${url}/v2/enqueue` }), message());
    expect(verdict).toMatchObject({ outcome: 'give-up', reason: expect.stringContaining("'routing_key' is invalid") });
  });

  it('tries again where PagerDuty itself is in trouble or away', async () => {
    const { url } = await serve(() => ({ status: 503, body: 'down' }));
    expect(await deliver(openKind('pagerduty', { routingKey: KEY, url }), message())).toMatchObject({
      outcome: 'retry',
    });
    const away = openKind('pagerduty', { routingKey: KEY, url: 'http://127.0.0.1:1/v2/enqueue' });
    expect(await deliver(away, message())).toMatchObject({ outcome: 'retry' });
  });
});
