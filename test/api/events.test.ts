import { describe, expect, it } from 'vitest';
import { createEventHub } from '../../src/api/event-hub.ts';
import { fakeApi } from './fake-ports.ts';

describe('the hub', () => {
  it('gives each listener every event in order', async () => {
    const hub = createEventHub('e');
    const [a, b] = [hub.subscribe(null), hub.subscribe(null)];
    hub.publish('audit.started', { target: 'x' });
    hub.publish('audit.finished', { target: 'x' });
    for (const listener of [a, b]) {
      expect([(await listener.next(1_000))?.type, (await listener.next(1_000))?.type]).toEqual([
        'audit.started',
        'audit.finished',
      ]);
    }
  });

  it('goes on after the last event that was seen', async () => {
    const hub = createEventHub('e');
    for (const n of [1, 2, 3]) hub.publish('audit.finished', { n });
    const listener = hub.subscribe('e-1');
    expect((await listener.next(0))?.data).toEqual({ n: 2 });
    expect((await listener.next(0))?.data).toEqual({ n: 3 });
    expect(await listener.next(0)).toBeNull();
  });

  it('says so when it cannot tell what was missed', async () => {
    const hub = createEventHub('e');
    expect((await hub.subscribe('before-7').next(0))?.type).toBe('missed');
    for (let n = 0; n < 600; n += 1) hub.publish('audit.finished', { n });
    expect((await hub.subscribe('e-1').next(0))?.type).toBe('missed');
    expect(await hub.subscribe('e-600').next(0)).toBeNull();
  });

  it('drops a listener that does not read', async () => {
    const hub = createEventHub('e');
    const slow = hub.subscribe(null);
    for (let n = 0; n < 300; n += 1) hub.publish('audit.finished', { n });
    expect(slow.ended).toBe(true);
    expect(hub.clients).toBe(0);
  });
});

describe('GET /api/v1/events', () => {
  it('streams what is published and lets go of who leaves', async () => {
    const { app, ports, as } = fakeApi();
    const answer = await app.request('/api/v1/events', { headers: as('viewer') });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (!reader) throw new Error('no body');
    let text = '';
    const until = async (pattern: RegExp) => {
      while (!pattern.test(text)) {
        const { value, done } = await reader.read();
        if (done) break;
        text += value;
      }
    };
    await until(/: listening/);
    ports.events.publish('audit.finished', { target: 'shop-web', audit: 'a2' });
    await until(/audit\.finished[\s\S]*\n\n/);
    expect(text).toMatch(/event: audit\.finished\ndata: {"target":"shop-web","audit":"a2"}\nid: e-1\n\n/);
    ports.events.close();
    await reader.cancel();
    expect(ports.events.clients).toBe(0);
  });
});
