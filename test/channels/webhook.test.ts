import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChannelAnswer, ToSend } from '../../src/channels/channel.ts';
import { CHANNELS } from '../../src/channels/index.ts';
import { signature } from '../../src/channels/webhook/sign.ts';
import type { Notification } from '../../src/core/notification.ts';
import { httpOf } from './support.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const notification: Notification = {
  type: 'incident.opened',
  reason: 'first',
  incidents: [
    {
      id: 'i1',
      key: 'monitor:shop-web',
      state: 'open',
      severity: 'high',
      title: 'Shop is down',
      service: 'shop',
      target: 'shop-web',
      source: 'monitor',
      labels: {},
      openedAt: '2026-11-20T12:00:00.000Z',
      acknowledgedAt: null,
      resolvedAt: null,
      timeline: [],
    },
  ],
};
const open = (settings: Record<string, unknown>) => {
  const channel = CHANNELS.get('webhook')?.open('hook', settings);
  if (!channel) throw new Error('no webhook channel');
  return {
    render: (message: ToSend) => httpOf(channel.render(message)),
    judge: (answer: ChannelAnswer) => channel.judge(answer, NOW, { id: 'm1', notification, now: NOW }),
  };
};
const judge = (status: number, headers: Record<string, string> = {}, body = '') =>
  open({ url: 'https://hooks.example/x' }).judge({ status, headers, body });

describe('webhook', () => {
  it('posts the notification with the headers of Standard Webhooks', () => {
    const request = open({ url: 'https://hooks.example/x', secret: 'whsec_c2VjcmV0' }).render({
      id: 'm1',
      notification,
      now: NOW,
    });
    expect(request).toMatchObject({ method: 'POST', url: 'https://hooks.example/x' });
    expect(JSON.parse(request.body)).toEqual(notification);
    const stamp = String(NOW / 1000);
    const wanted = createHmac('sha256', 'secret').update(`m1.${stamp}.${request.body}`).digest('base64');
    expect(request.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'm1',
      'webhook-timestamp': stamp,
      'webhook-signature': `v1,${wanted}`,
    });
  });

  it('agrees with the published test vector', () => {
    // standard-webhooks, libraries/python/tests: secret, id, timestamp, payload and signature.
    const mac = signature(
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      '1614265330',
      '{"test": 2432232314}',
    );
    expect(mac).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('signs what is sent, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 1 }), (body, secret) => {
        if (secret.startsWith('whsec_')) return;
        const wanted = createHmac('sha256', secret).update(`id.1.${body}`).digest('base64');
        expect(signature(secret, 'id', '1', body)).toBe(`v1,${wanted}`);
      }),
    );
  });

  it('adds own headers, which cannot replace the id or the signature', () => {
    const settings = { url: 'https://hooks.example/x', headers: { Authorization: 'Bearer t', 'Webhook-Id': 'mine' } };
    const { headers } = open(settings).render({ id: 'm1', notification, now: NOW });
    expect(headers).toMatchObject({ authorization: 'Bearer t', 'webhook-id': 'm1' });
    expect(headers['webhook-signature']).toBeUndefined();
  });

  it('refuses settings that cannot work', () => {
    for (const wrong of [
      {},
      { url: 'ftp://x' },
      { url: 'https://x', secret: 'whsec_?' },
      { url: 'https://x', sekret: '' },
    ]) {
      expect(() => open(wrong)).toThrow();
    }
  });

  it.each([200, 201, 204])('takes %i for delivered', (status) => {
    expect(judge(status).outcome).toBe('sent');
  });

  it.each([408, 429, 500, 502, 503, 504])('tries again after %i', (status) => {
    expect(judge(status).outcome).toBe('retry');
  });

  it.each([301, 400, 401, 403, 404, 410, 413, 422])('gives up at %i', (status) => {
    expect(judge(status).outcome).toBe('give-up');
  });

  it('tries again where there was no answer', () => {
    const verdict = open({ url: 'https://hooks.example/x' }).judge({ error: 'connection refused' });
    expect(verdict).toEqual({ outcome: 'retry', reason: 'connection refused' });
  });

  it('comes back when it is told to, within reason', () => {
    expect(judge(429, { 'retry-after': '7' })).toMatchObject({ afterMs: 7_000 });
    expect(judge(503, { 'retry-after': 'Fri, 20 Nov 2026 12:00:30 GMT' })).toMatchObject({ afterMs: 30_000 });
    expect(judge(503, { 'retry-after': 'Fri, 20 Nov 2026 11:00:00 GMT' })).toMatchObject({ afterMs: 0 });
    expect(judge(503, { 'retry-after': '99999999' })).toMatchObject({ afterMs: 3_600_000 });
    expect(judge(503, { 'retry-after': 'soon' })).not.toHaveProperty('afterMs');
  });

  it('quotes the answer on one line without control characters', () => {
    const verdict = judge(400, {}, `no\u001b[31m such\r\nhook ${'x'.repeat(500)}`);
    expect(verdict).toMatchObject({ outcome: 'give-up' });
    if (verdict.outcome !== 'give-up') return;
    expect(verdict.reason).toMatch(/^answered 400: no \[31m such hook x+$/);
    expect(verdict.reason.length).toBeLessThan(160);
  });
});
