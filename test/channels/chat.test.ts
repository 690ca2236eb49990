import { describe, expect, it } from 'vitest';
import { type Call, deliver, incident, message, openKind, type Reply, serve, shown } from './support.ts';

const MANY = Array.from({ length: 40 }, (_, n) =>
  incident({
    id: `i${n}`,
    title: `€`.repeat(900),
    timeline: [{ at: '', type: 'opened', text: '<b>[x](http://a)'.repeat(400) }],
  }),
);

describe('discord', () => {
  /** Webhooks as documented: 200 with the message when asked to wait, 204 when not, 429 with fractions of a second. */
  const api = () => {
    const posts = new Map<string, string>();
    const answer = ({ method, path, body }: Call): Reply => {
      const { content, embeds } = JSON.parse(body);
      if (
        content.length > 2000 ||
        embeds.length > 10 ||
        embeds[0].title.length > 256 ||
        embeds[0].description.length > 4096
      ) {
        return { status: 400, body: { code: 50035, message: 'Invalid Form Body' } };
      }
      const { pathname, searchParams } = new URL(path, 'http://x');
      const edited = /^\/api\/webhooks\/1\/t\/messages\/(\d+)$/.exec(pathname)?.[1];
      if (method === 'PATCH' && edited) {
        if (!posts.has(edited)) return { status: 404, body: { code: 10008, message: 'Unknown Message' } };
        posts.set(edited, content);
        return { status: 200, body: { id: edited } };
      }
      if (method !== 'POST' || pathname !== '/api/webhooks/1/t')
        return { status: 404, body: { code: 10015, message: 'Unknown Webhook' } };
      const id = String(100 + posts.size);
      posts.set(id, content);
      return searchParams.get('wait') === 'true'
        ? { status: 200, body: { type: 0, id, embeds: [{ description: 'x'.repeat(9_000) }] } }
        : { status: 204 };
    };
    return { answer, posts };
  };

  it('renders', async () => {
    const request = openKind('discord', { url: 'https://discord.example/api/webhooks/1/t' }).render(message());
    await expect(shown(request)).toMatchFileSnapshot('golden/discord-open.json');
  });

  it('changes its message, and says an escalation anew', async () => {
    const { answer, posts } = api();
    const { url } = await serve(answer);
    const channel = openKind('discord', { url: `${url}/api/webhooks/1/t` });
    expect(await deliver(channel, message())).toMatchObject({ outcome: 'sent', receipt: '100' });
    const receipts = new Map([['i1', '100']]);
    const louder = await deliver(
      channel,
      message('open', { type: 'incident.escalated', reason: 'escalated' }, { receipts }),
    );
    expect(louder).not.toHaveProperty('receipt');
    expect(await deliver(channel, message('resolved', {}, { receipts }))).toMatchObject({ outcome: 'sent' });
    expect([...posts]).toEqual([
      ['100', expect.stringContaining('resolved')],
      ['101', expect.stringContaining('escalated')],
    ]);
    const deleted = await deliver(channel, message('resolved', {}, { receipts: new Map([['i1', '999']]) }));
    expect(deleted).toEqual({ outcome: 'give-up', reason: 'the message about this incident was deleted' });
  });

  it('keeps within the limits, and mentions nobody', async () => {
    const { url, calls } = await serve(api().answer);
    const channel = openKind('discord', { url: `${url}/api/webhooks/1/t` });
    expect(await deliver(channel, message('open', { incidents: MANY }))).toMatchObject({ outcome: 'sent' });
    expect(JSON.parse(calls[0]?.body ?? '').allowed_mentions).toEqual({ parse: [] });
  });

  it('waits as long as Discord says, and gives up on a webhook that is gone', async () => {
    const busy = await serve(() => ({
      status: 429,
      headers: { 'retry-after': '1' },
      body: { message: 'You are being rate limited.', retry_after: 0.3, global: false },
    }));
    expect(await deliver(openKind('discord', { url: busy.url }), message())).toMatchObject({
      outcome: 'retry',
      afterMs: 300,
    });
    const { url } = await serve(api().answer);
    expect(await deliver(openKind('discord', { url: `${url}/api/webhooks/2/t` }), message())).toMatchObject({
      outcome: 'give-up',
    });
  });
});

describe('telegram', () => {
  const TOKEN = '123:abc';
  const api = () => {
    const posts = new Map<number, { text: string; answers?: number }>();
    const answer = ({ path, body }: Call): Reply => {
      const no = (status: number, description: string): Reply => ({
        status,
        body: { ok: false, error_code: status, description },
      });
      if (!path.startsWith(`/bot${TOKEN}/`)) return no(401, 'Unauthorized');
      const { chat_id: chat, text, message_id: edited, reply_parameters: reply } = JSON.parse(body);
      if (chat !== -100) return no(400, 'Bad Request: chat not found');
      if (text.length > 4096) return no(400, 'Bad Request: message is too long');
      if (path.endsWith('/editMessageText')) {
        if (posts.get(edited)?.text === text) return no(400, 'Bad Request: message is not modified');
        posts.set(edited, { text });
        return { status: 200, body: { ok: true, result: { message_id: edited, text } } };
      }
      const id = posts.size + 1;
      posts.set(id, { text, ...(reply ? { answers: reply.message_id } : {}) });
      return { status: 200, body: { ok: true, result: { message_id: id, text } } };
    };
    return { answer, posts };
  };

  it('renders', async () => {
    const request = openKind('telegram', { token: TOKEN, chat: '@ops', thread: 7 }).render(message());
    await expect(shown(request)).toMatchFileSnapshot('golden/telegram-open.json');
  });

  it('edits its message, answers it when it escalates, and takes a repetition for done', async () => {
    const { answer, posts } = api();
    const { url } = await serve(answer);
    const channel = openKind('telegram', { token: TOKEN, chat: -100, url });
    expect(await deliver(channel, message())).toMatchObject({ receipt: '1' });
    const receipts = new Map([['i1', '1']]);
    const louder = message('open', { type: 'incident.escalated', reason: 'escalated' }, { receipts });
    expect(await deliver(channel, louder)).toEqual({ outcome: 'sent', note: 'posted' });
    for (const note of ['posted', 'was there already']) {
      expect(await deliver(channel, message('resolved', {}, { receipts }))).toMatchObject({ outcome: 'sent', note });
    }
    expect([...posts.values()]).toEqual([
      { text: expect.stringContaining('🟢') },
      { text: expect.stringContaining('escalated'), answers: 1 },
    ]);
  });

  it('finds the id in an answer that is longer than what is read', async () => {
    const { url } = await serve(api().answer);
    const channel = openKind('telegram', { token: TOKEN, chat: -100, url });
    expect(await deliver(channel, message('open', { incidents: MANY }))).toMatchObject({
      outcome: 'sent',
      receipt: '1',
    });
  });

  it('reads refusals and floods', async () => {
    const { url } = await serve(api().answer);
    const lost = await deliver(openKind('telegram', { token: TOKEN, chat: 5, url }), message());
    expect(lost).toEqual({ outcome: 'give-up', reason: 'Telegram says Bad Request: chat not found' });
    const wrong = await deliver(openKind('telegram', { token: '9:z', chat: -100, url }), message());
    expect(wrong).toEqual({ outcome: 'give-up', reason: 'Telegram says Unauthorized' });
    const flood = await serve(() => ({
      status: 429,
      body: {
        ok: false,
        error_code: 429,
        description: 'Too Many Requests: retry after 35',
        parameters: { retry_after: 35 },
      },
    }));
    const later = await deliver(openKind('telegram', { token: TOKEN, chat: -100, url: flood.url }), message());
    expect(later).toMatchObject({ outcome: 'retry', afterMs: 35_000 });
  });

  it('never says the token', async () => {
    const verdict = await deliver(
      openKind('telegram', { token: '123:very-secret', chat: 1, url: 'http://127.0.0.1:1' }),
      message(),
    );
    expect(JSON.stringify(verdict)).not.toContain('very-secret');
  });
});

describe('teams', () => {
  it('renders an adaptive card that a workflow reads', async () => {
    const request = openKind('teams', { url: 'https://prod.example/workflows/x' }).render(message('acknowledged'));
    await expect(shown(request)).toMatchFileSnapshot('golden/teams-acknowledged.json');
  });

  it('stays below 28 KB and reads the answers of a workflow', async () => {
    const answers = [202, 429, 404];
    const { url, calls } = await serve(() => ({ status: answers.shift() ?? 500, headers: { 'retry-after': '2' } }));
    const channel = openKind('teams', { url });
    const outcomes = [];
    for (let n = 0; n < 3; n += 1)
      outcomes.push((await deliver(channel, message('open', { incidents: MANY }))).outcome);
    expect(outcomes).toEqual(['sent', 'retry', 'give-up']);
    expect(Math.max(...calls.map(({ body }) => Buffer.byteLength(body)))).toBeLessThan(28 * 1024);
  });
});

describe('mattermost', () => {
  it('renders', async () => {
    const request = openKind('mattermost', { url: 'https://chat.example/hooks/x', channel: 'ops' }).render(
      message('resolved'),
    );
    await expect(shown(request)).toMatchFileSnapshot('golden/mattermost-resolved.json');
  });

  it('calls nobody by a title, keeps its length, and reads the answers', async () => {
    const answers: Reply[] = [
      { status: 200, body: 'ok' },
      { status: 400, body: { message: 'Invalid webhook' } },
      { status: 500 },
    ];
    const { url, calls } = await serve(() => answers.shift() ?? { status: 200 });
    const channel = openKind('mattermost', { url });
    const loud = [...MANY, incident({ title: '@channel all' })].reverse();
    const outcomes = [];
    for (let n = 0; n < 3; n += 1)
      outcomes.push((await deliver(channel, message('open', { incidents: loud }))).outcome);
    expect(outcomes).toEqual(['sent', 'give-up', 'retry']);
    const [post] = JSON.parse(calls[0]?.body ?? '').attachments;
    expect(post.text).not.toMatch(/@channel/);
    expect(post.text.length).toBeLessThanOrEqual(8_000);
  });
});

describe('googleChat', () => {
  it('renders', async () => {
    const request = openKind('googleChat', { url: 'https://chat.example/v1/spaces/A/messages?key=k&token=t' }).render(
      message(),
    );
    await expect(shown(request)).toMatchFileSnapshot('golden/google-chat-open.json');
  });

  it('puts an incident into one thread, calls nobody, and stays below 32,000 bytes', async () => {
    const { url, calls } = await serve(() => ({ status: 200, body: { name: 'spaces/A/messages/1' } }));
    const channel = openKind('googleChat', { url: `${url}/v1/spaces/A/messages?key=k&token=t` });
    const loud = [incident({ title: '<users/all> look' }), ...MANY];
    for (const state of ['open', 'resolved'] as const) {
      expect(await deliver(channel, message(state, { incidents: loud }))).toMatchObject({ outcome: 'sent' });
    }
    const posts = calls.map(({ body }) => JSON.parse(body));
    expect(posts.map((post) => post.thread.threadKey)).toEqual(['seaworthy-i1', 'seaworthy-i1']);
    expect(posts[0].text).not.toContain('<users/all>');
    expect(Buffer.byteLength(calls[0]?.body ?? '')).toBeLessThan(32_000);
    expect(new URL(calls[0]?.path ?? '', url).searchParams.get('messageReplyOption')).toBe(
      'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD',
    );
  });

  it('comes again after a rate limit', async () => {
    const { url } = await serve(() => ({ status: 429, body: { error: { code: 429, status: 'RESOURCE_EXHAUSTED' } } }));
    expect(await deliver(openKind('googleChat', { url }), message())).toMatchObject({ outcome: 'retry' });
  });
});
