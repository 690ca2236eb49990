import { describe, expect, it } from 'vitest';
import { type Call, deliver, incident, message, openKind, type Reply, serve, shown } from './support.ts';

const TOKEN = ['xoxb', '1', 'test'].join('-');

/** The Web API as documented: 200 with `ok`, 429 with Retry-After; messages live by channel and ts. */
function webApi() {
  const posts = new Map<string, { text: string; thread: string | undefined }>();
  const api = ({ path, headers, body }: Call): Reply => {
    if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 200, body: { ok: false, error: 'invalid_auth' } };
    const { channel, text, ts, thread_ts: thread } = JSON.parse(body);
    if (path === '/api/chat.postMessage') {
      if (channel !== '#ops' && channel !== 'C024BE91L')
        return { status: 200, body: { ok: false, error: 'channel_not_found' } };
      const id = `1700000000.00000${posts.size + 1}`;
      posts.set(id, { text, thread });
      return { status: 200, body: { ok: true, channel: 'C024BE91L', ts: id, message: { text } } };
    }
    if (path !== '/api/chat.update') return { status: 404 };
    if (channel !== 'C024BE91L' || !posts.has(ts))
      return { status: 200, body: { ok: false, error: 'message_not_found' } };
    posts.set(ts, { text, thread: undefined });
    return { status: 200, body: { ok: true, channel, ts, text } };
  };
  return { api, posts };
}

describe('slack', () => {
  it.each(['open', 'acknowledged', 'resolved'] as const)('renders an incident that is %s', async (state) => {
    const request = openKind('slack', { webhook: 'https://hooks.slack.example/services/T/B/x' }).render(message(state));
    await expect(shown(request)).toMatchFileSnapshot(`golden/slack-${state}.json`);
  });

  it('changes its message when the incident ends, and answers in its thread when it escalates', async () => {
    const { api, posts } = webApi();
    const { url } = await serve(api);
    const channel = openKind('slack', { token: TOKEN, channel: '#ops', url: `${url}/api` });
    const first = await deliver(channel, message('open'));
    expect(first).toEqual({ outcome: 'sent', note: 'posted', receipt: 'C024BE91L 1700000000.000001' });
    const receipts = new Map([['i1', 'C024BE91L 1700000000.000001']]);
    const louder = message('open', { type: 'incident.escalated', reason: 'escalated' }, { receipts });
    expect(await deliver(channel, louder)).toEqual({ outcome: 'sent', note: 'posted' });
    expect(await deliver(channel, message('resolved', {}, { receipts }))).toMatchObject({ outcome: 'sent' });
    expect([...posts.values()]).toEqual([
      { text: expect.stringContaining('resolved'), thread: undefined },
      { text: expect.stringContaining('escalated'), thread: '1700000000.000001' },
    ]);
  });

  it('posts anew where incidents of one message stand in different earlier ones', async () => {
    const { api, posts } = webApi();
    const { url } = await serve(api);
    const channel = openKind('slack', { token: TOKEN, channel: '#ops', url: `${url}/api` });
    const both = [incident({ state: 'resolved' }), incident({ id: 'i2', state: 'resolved' })];
    const receipts = new Map([['i1', 'C024BE91L 1700000000.000001']]);
    expect(await deliver(channel, message('resolved', { incidents: both }, { receipts }))).toMatchObject({
      outcome: 'sent',
    });
    expect(posts.size).toBe(1);
  });

  it('keeps a title from calling everybody', () => {
    const named = incident({ title: '<!channel> & <@U1>' });
    const request = openKind('slack', { webhook: 'https://hooks.slack.example/x' }).render(
      message('open', { incidents: [named] }),
    );
    const { attachments, text } = JSON.parse('body' in request ? request.body : '');
    expect(text).not.toContain('<!channel>');
    expect(JSON.stringify(attachments[0].blocks.slice(1))).not.toContain('<!channel>');
  });

  it('believes the body, not the status', async () => {
    const { url } = await serve(webApi().api);
    const settings = { token: TOKEN, channel: '#nowhere', url: `${url}/api` };
    const lost = await deliver(openKind('slack', settings), message());
    expect(lost).toEqual({ outcome: 'give-up', reason: 'Slack says channel_not_found' });
    const stranger = await deliver(openKind('slack', { ...settings, token: `${TOKEN}x` }), message());
    expect(stranger).toEqual({ outcome: 'give-up', reason: 'Slack says invalid_auth' });
    const portal = await serve(() => ({ status: 200, body: '<html>log in</html>' }));
    expect(await deliver(openKind('slack', { ...settings, url: portal.url }), message())).toMatchObject({
      outcome: 'retry',
    });
  });

  it('comes again after the time that a rate limit names', async () => {
    const { url } = await serve(() => ({
      status: 429,
      headers: { 'retry-after': '30' },
      body: { ok: false, error: 'ratelimited' },
    }));
    const verdict = await deliver(openKind('slack', { token: TOKEN, channel: '#ops', url }), message());
    expect(verdict).toMatchObject({ outcome: 'retry', afterMs: 30_000 });
  });

  it('reads what a webhook answers: ok, gone, not now', async () => {
    const answers: Reply[] = [
      { status: 200, body: 'ok' },
      { status: 404, body: 'no_service' },
      { status: 500, body: 'rollup_error' },
    ];
    const { url } = await serve(() => answers.shift() ?? { status: 500 });
    const channel = openKind('slack', { webhook: url });
    const outcomes = [];
    for (let n = 0; n < 3; n += 1) outcomes.push((await deliver(channel, message())).outcome);
    expect(outcomes).toEqual(['sent', 'give-up', 'retry']);
  });

  it('wants either a webhook or a token with a channel', () => {
    for (const settings of [{}, { token: TOKEN }, { webhook: 'https://a.example/', token: TOKEN, channel: '#x' }]) {
      expect(() => openKind('slack', settings)).toThrow(/needs/);
    }
  });
});
