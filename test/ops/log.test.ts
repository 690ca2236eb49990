import { describe, expect, it } from 'vitest';
import { createLog, scrub } from '../../src/ops/log.ts';

function written(pretty: boolean, use: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  use(createLog({ version: '1.2.3', pretty }, { write: (line) => (text += line) }));
  return text;
}

describe('the log', () => {
  it('writes JSON lines with time, level and version', () => {
    const line = JSON.parse(
      written(false, (log) => log.child({ requestId: 'r1' }).info({ target: 'local' }, 'audit finished')),
    );
    expect(line).toMatchObject({
      level: 'info',
      version: '1.2.3',
      requestId: 'r1',
      target: 'local',
      msg: 'audit finished',
    });
    expect(new Date(line.time).toISOString()).toBe(line.time);
  });

  it('writes short lines for a terminal', () => {
    const line = written(true, (log) => log.warn({ target: 'local', err: new Error('no route') }, 'could not look'));
    expect(line).toMatch(/^\d\d:\d\d:\d\d {2}warn {3}could not look {2}target=local {2}error="no route"\n$/);
  });

  it('lets nothing from outside begin a line or move the cursor on a terminal', () => {
    const text = written(true, (log) => log.info({ path: '/x\n00:00:00 fatal all is lost\u001b[2J' }, 'a\u001b[31mb'));
    expect(text.split('\n')).toHaveLength(2);
    expect(text).not.toContain('\u001b');
    expect(text).toContain('all is lost');
  });

  it.each([true, false])('holds no secret (pretty: %s)', (pretty) => {
    const text = written(pretty, (log) => {
      log.info({ headers: { authorization: 'Bearer abcdefgh12345678', cookie: 'seaworthy=hunter2' } }, 'x');
      log.info(
        { channel: { settings: { secret: 'hunter2' } }, password: 'hunter2' },
        'using sw_abcdefghijklmnopqrstuvwxyz0123',
      );
      log.error({ err: new Error('connect postgres://app:hunter2@db/x failed') }, 'store');
    });
    expect(text).not.toMatch(/hunter2|abcdefgh/);
    expect(text).toContain('[hidden]');
  });
});

describe('scrubbing', () => {
  it('leaves everything else alone', () => {
    const text = 'audit of https://user@shop.example:8443/path took 3 s; token count 5; sw_short';
    expect(scrub(text)).toBe(text);
    expect(scrub('https://user:secret@shop.example/')).toBe('https://user:[hidden]@shop.example/');
  });
});
