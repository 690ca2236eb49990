import { describe, expect, it } from 'vitest';
import { type Call, deliver, incident, message, openKind, type Reply, serve, shown } from './support.ts';

const KEY = ['0a1b2c3d', 'alert', 'key'].join('-');

describe.each([
  ['opsgenie', '/v2/alerts'],
  ['jsm', '/jsm/ops/integration/v2/alerts'],
])('%s', (kind, base) => {
  /** The alert API as documented: 202 for what it took, 401 without a key, 422 for what is no alert. */
  const api = () => {
    const alerts = new Map<string, string>();
    const answer = ({ path, headers, body }: Call): Reply => {
      if (headers.authorization !== `GenieKey ${KEY}`)
        return { status: 401, body: { message: 'Could not authenticate' } };
      const taken = { status: 202, body: { result: 'Request will be processed', requestId: 'r' } };
      const about = new RegExp(`^${base}/([^/]+)/(close|acknowledge)\\?identifierType=alias$`).exec(path);
      const read = JSON.parse(body);
      if (about) {
        alerts.set(decodeURIComponent(about[1] ?? ''), about[2] ?? '');
        return taken;
      }
      if (path !== base) return { status: 404 };
      if (!read.message || read.message.length > 130 || read.alias.length > 512 || read.description.length > 15_000) {
        return {
          status: 422,
          body: { message: 'Request body is not processable', errors: { message: 'is too long' } },
        };
      }
      alerts.set(read.alias, read.priority);
      return taken;
    };
    return { answer, alerts };
  };

  it.each(['open', 'acknowledged', 'resolved'] as const)('renders an incident that is %s', async (state) => {
    await expect(shown(openKind(kind, { apiKey: KEY, team: 'ops' }).render(message(state)))).toMatchFileSnapshot(
      `golden/${kind}-${state}.json`,
    );
  });

  it('creates, acknowledges and closes one alert', async () => {
    const { answer, alerts } = api();
    const { url } = await serve(answer);
    const channel = openKind(kind, { apiKey: KEY, url: `${url}${base}` });
    const seen: (string | undefined)[] = [];
    for (const state of ['open', 'acknowledged', 'resolved'] as const) {
      expect(await deliver(channel, message(state))).toMatchObject({ outcome: 'sent' });
      seen.push(alerts.get('i1'));
    }
    expect(seen).toEqual(['P2', 'acknowledge', 'close']);
    expect(alerts.size).toBe(1);
  });

  it('keeps within the limits, gives up on a wrong key, waits for a full bucket', async () => {
    const { url } = await serve(api().answer);
    const huge = incident({ title: '€'.repeat(900), timeline: [{ at: '', type: 'opened', text: 'x'.repeat(50_000) }] });
    const channel = openKind(kind, { apiKey: KEY, url: `${url}${base}` });
    expect(await deliver(channel, message('open', { incidents: [huge] }))).toMatchObject({ outcome: 'sent' });
    const stranger = openKind(kind, { apiKey: 'other', url: `${url}${base}` });
    expect(await deliver(stranger, message())).toMatchObject({
      outcome: 'give-up',
      reason: expect.stringContaining('Could not authenticate'),
    });
    const full = await serve(() => ({
      status: 429,
      headers: { 'x-ratelimit-state': 'THROTTLED' },
      body: { message: 'You are making too many requests!' },
    }));
    expect(await deliver(openKind(kind, { apiKey: KEY, url: full.url }), message())).toMatchObject({
      outcome: 'retry',
    });
  });
});

describe('pushover', () => {
  const settings = { token: 'a'.repeat(30), user: 'u'.repeat(30) };
  const api = () => {
    const sounding = new Set<string>();
    const answer = ({ path, body }: Call): Reply => {
      const form = new URLSearchParams(body);
      if (form.get('token') !== settings.token)
        return { status: 400, body: { token: 'invalid', errors: ['application token is invalid'], status: 0 } };
      const tag = /^\/1\/receipts\/cancel_by_tag\/(.+)\.json$/.exec(path)?.[1];
      if (tag) {
        const known = sounding.delete(decodeURIComponent(tag));
        return { status: 200, body: { status: 1, canceled: known ? 1 : 0 } };
      }
      if ((form.get('title')?.length ?? 0) > 250 || (form.get('message')?.length ?? 0) > 1024)
        return { status: 400, body: { status: 0, errors: ['message is too long'] } };
      if (form.get('priority') !== '2') return { status: 200, body: { status: 1, request: 'r' } };
      if (Number(form.get('retry')) < 30 || Number(form.get('expire')) > 10_800)
        return { status: 400, body: { status: 0, errors: ['expire'] } };
      sounding.add(form.get('tags') ?? '');
      return { status: 200, body: { status: 1, request: 'r', receipt: 'rcpt1' } };
    };
    return { answer, sounding };
  };

  it('renders', async () => {
    await expect(shown(openKind('pushover', settings).render(message()))).toMatchFileSnapshot(
      'golden/pushover-open.json',
    );
  });

  it('silences an emergency when it is acknowledged', async () => {
    const { answer, sounding } = api();
    const { url } = await serve(answer);
    const channel = openKind('pushover', { ...settings, emergency: true, url: `${url}/1` });
    const critical = incident({ severity: 'critical', title: 'x'.repeat(2_000) });
    expect(await deliver(channel, message('open', { incidents: [critical] }))).toMatchObject({
      outcome: 'sent',
      receipt: 'rcpt1',
    });
    expect([...sounding]).toEqual(['incident=i1']);
    const receipts = new Map([['i1', 'rcpt1']]);
    expect(await deliver(channel, message('acknowledged', {}, { receipts }))).toMatchObject({ outcome: 'sent' });
    expect([...sounding]).toEqual([]);
  });

  it('gives up on a wrong token and on a used-up quota, and tries again when it is down', async () => {
    const { url } = await serve(api().answer);
    const wrong = openKind('pushover', { ...settings, token: 'b'.repeat(30), url: `${url}/1` });
    expect(await deliver(wrong, message())).toMatchObject({
      outcome: 'give-up',
      reason: expect.stringContaining('token is invalid'),
    });
    const used = await serve(() => ({ status: 429, body: { status: 0 } }));
    expect(await deliver(openKind('pushover', { ...settings, url: used.url }), message())).toMatchObject({
      outcome: 'give-up',
      reason: expect.stringContaining('quota'),
    });
    const down = await serve(() => ({ status: 502 }));
    expect(await deliver(openKind('pushover', { ...settings, url: down.url }), message())).toMatchObject({
      outcome: 'retry',
    });
  });
});

describe('ntfy', () => {
  it('renders', async () => {
    await expect(shown(openKind('ntfy', { topic: 'ops', token: 'tk_test' }).render(message()))).toMatchFileSnapshot(
      'golden/ntfy-open.json',
    );
  });

  it('publishes within the limits, resolves quietly, and reads refusals', async () => {
    const { url, calls } = await serve(({ headers }) =>
      headers.authorization === 'Bearer tk_test'
        ? { status: 200, body: { id: 'x', event: 'message' } }
        : { status: 403, body: { code: 40301, error: 'forbidden' } },
    );
    const channel = openKind('ntfy', { topic: 'ops', token: 'tk_test', url });
    const long = incident({ severity: 'critical', timeline: [{ at: '', type: 'opened', text: '€'.repeat(9_000) }] });
    const twenty = Array.from({ length: 20 }, (_, n) => ({ ...long, id: `i${n}` }));
    expect(await deliver(channel, message('open', { incidents: twenty }))).toMatchObject({ outcome: 'sent' });
    expect(await deliver(channel, message('resolved'))).toMatchObject({ outcome: 'sent' });
    const [loud, quiet] = calls.map(({ body }) => JSON.parse(body));
    expect([loud.priority, quiet.priority]).toEqual([5, 2]);
    expect(Buffer.byteLength(loud.message)).toBeLessThanOrEqual(4_096);
    expect(await deliver(openKind('ntfy', { topic: 'ops', url }), message())).toMatchObject({ outcome: 'give-up' });
    const busy = await serve(() => ({ status: 429, body: { code: 42901, error: 'limit reached: too many requests' } }));
    expect(await deliver(openKind('ntfy', { topic: 'ops', url: busy.url }), message())).toMatchObject({
      outcome: 'retry',
    });
  });
});

describe('twilio', () => {
  const SID = `AC${'0'.repeat(32)}`;
  const settings = { accountSid: SID, authToken: 'secret', from: '+15005550006', to: '+351210000000' };

  it.each([
    ['sms', false],
    ['voice', true],
  ])('renders %s', async (name, voice) => {
    await expect(shown(openKind('twilio', { ...settings, voice }).render(message()))).toMatchFileSnapshot(
      `golden/twilio-${name}.json`,
    );
  });

  it('calls when it fires and writes when it ends', async () => {
    const { url, calls } = await serve(({ headers }) =>
      headers.authorization === `Basic ${btoa(`${SID}:secret`)}`
        ? { status: 201, body: { sid: 'SM1', status: 'queued' } }
        : { status: 401, body: { code: 20003, message: 'Authenticate', status: 401 } },
    );
    const channel = openKind('twilio', { ...settings, voice: true, url });
    const nasty = incident({ title: '</Say><Dial>+1900</Dial>' });
    expect(await deliver(channel, message('open', { incidents: [nasty] }))).toMatchObject({ outcome: 'sent' });
    expect(await deliver(channel, message('resolved'))).toMatchObject({ outcome: 'sent' });
    const [ring, text] = calls.map(({ path, body }) => ({ path, form: new URLSearchParams(body) }));
    expect([ring?.path, text?.path]).toEqual([
      `/2010-04-01/Accounts/${SID}/Calls.json`,
      `/2010-04-01/Accounts/${SID}/Messages.json`,
    ]);
    expect(ring?.form.get('Twiml')).not.toContain('<Dial>');
    expect(text?.form.get('Body')?.length).toBeLessThanOrEqual(320);
    const stranger = await deliver(openKind('twilio', { ...settings, authToken: 'wrong', url }), message());
    expect(stranger).toMatchObject({ outcome: 'give-up', reason: expect.stringContaining('Authenticate') });
  });

  it('tries again where Twilio says that it is too much now', async () => {
    const busy = await serve(() => ({
      status: 400,
      body: { code: 14107, message: 'Message rate exceeded', status: 400 },
    }));
    expect(await deliver(openKind('twilio', { ...settings, url: busy.url }), message())).toMatchObject({
      outcome: 'retry',
    });
    const wrong = await serve(() => ({
      status: 400,
      body: { code: 21211, message: "Invalid 'To' Phone Number", status: 400 },
    }));
    expect(await deliver(openKind('twilio', { ...settings, url: wrong.url }), message())).toMatchObject({
      outcome: 'give-up',
    });
  });
});

describe('apprise', () => {
  it('renders', async () => {
    await expect(
      shown(openKind('apprise', { url: 'http://127.0.0.1:8000', key: 'ops', tag: 'night' }).render(message())),
    ).toMatchFileSnapshot('golden/apprise-open.json');
  });

  it('reads what the gateway says of the services behind it', async () => {
    const answers = [200, 204, 424, 400, 500];
    const { url } = await serve(() => ({ status: answers.shift() ?? 200 }));
    const channel = openKind('apprise', { url, key: 'ops' });
    const outcomes = [];
    for (let n = 0; n < 5; n += 1) outcomes.push((await deliver(channel, message())).outcome);
    expect(outcomes).toEqual(['sent', 'give-up', 'retry', 'give-up', 'retry']);
    expect(() => openKind('apprise', { url })).toThrow(/either a key or urls/);
  });
});

describe('alertmanager', () => {
  it.each(['open', 'resolved'] as const)('renders an incident that is %s', async (state) => {
    await expect(
      shown(openKind('alertmanager', { url: 'http://127.0.0.1:9093' }).render(message(state))),
    ).toMatchFileSnapshot(`golden/alertmanager-${state}.json`);
  });

  it('ends the alert that it made, although the severity has changed since', async () => {
    const { url, calls } = await serve(() => ({ status: 200 }));
    const channel = openKind('alertmanager', { url });
    const first = await deliver(channel, message());
    const receipt = first.outcome === 'sent' ? (first.receipt ?? '') : '';
    const worse = incident({ state: 'resolved', severity: 'critical' });
    await deliver(channel, message('resolved', { incidents: [worse] }, { receipts: new Map([['i1', receipt]]) }));
    const [open, ended] = calls.map(({ body }) => JSON.parse(body)[0]);
    expect(ended.labels).toEqual(open.labels);
    expect(ended.endsAt).toBe('2026-11-20T12:09:00.000Z');
  });
});
