import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { deliver, incident, message, openKind, shown } from './support.ts';

let dir: string;
let key: string;
let cert: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'seaworthy-mail-'));
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '30'];
  const out = ['-keyout', join(dir, 'key'), '-out', join(dir, 'cert')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...out, ...name], { stdio: 'ignore' });
  key = readFileSync(join(dir, 'key'), 'utf8');
  cert = readFileSync(join(dir, 'cert'), 'utf8');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function mailServer(options: SMTPServerOptions = {}): Promise<{ port: number; mails: string[] }> {
  const mails: string[] = [];
  const server = new SMTPServer({
    key,
    cert,
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'ops' && password === 'right' ? done(null, { user: 'ops' }) : done(new Error('Invalid credentials')),
    onData(stream, _session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        mails.push(Buffer.concat(parts).toString('utf8'));
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {}); // a client that goes away in the middle
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, mails };
}
const basic = { from: 'Seaworthy <alerts@example.com>', to: ['ana@example.com', 'Ben <ben@example.com>'] };
const refused = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code });

describe('email', () => {
  it.each(['open', 'resolved'] as const)('renders an incident that is %s', async (state) => {
    const request = openKind('email', { ...basic, smtp: 'smtp://mail.example' }).render(message(state));
    await expect(shown(request)).toMatchFileSnapshot(`golden/email-${state}.json`);
  });

  it('puts all mail about an incident into one thread, each under the id of its message', async () => {
    const { port, mails } = await mailServer();
    const channel = openKind('email', { ...basic, smtp: `smtp://localhost:${port}`, ca: cert });
    for (const state of ['open', 'resolved', 'open'] as const) {
      expect(await deliver(channel, message(state))).toMatchObject({ outcome: 'sent' });
    }
    const header = (mail: string | undefined, name: string) =>
      new RegExp(`^${name}: (.*)$`, 'im').exec(mail ?? '')?.[1];
    expect(mails.map((mail) => header(mail, 'References'))).toEqual(Array(3).fill('<incident-i1@example.com>'));
    expect(mails.map((mail) => header(mail, 'Message-ID'))).toEqual([
      '<m-open@example.com>',
      '<m-resolved@example.com>',
      '<m-open@example.com>',
    ]);
    expect(header(mails[0], 'Auto-Submitted')).toBe('auto-generated');
    expect(mails[0]).toContain('connection refused by 192.0.2.1:443');
  });

  it('logs in, and only over TLS', async () => {
    const { port, mails } = await mailServer({ authOptional: false });
    const settings = { ...basic, smtp: `smtp://localhost:${port}`, ca: cert, user: 'ops' };
    expect(await deliver(openKind('email', { ...settings, password: 'right' }), message())).toMatchObject({
      outcome: 'sent',
    });
    const wrong = await deliver(openKind('email', { ...settings, password: 'wrong' }), message());
    expect(wrong).toMatchObject({ outcome: 'give-up', reason: expect.stringContaining('535') });
    const plain = await mailServer({ disabledCommands: ['STARTTLS'], authOptional: false, allowInsecureAuth: true });
    const onPlain = openKind('email', { ...settings, smtp: `smtp://localhost:${plain.port}`, password: 'right' });
    expect((await deliver(onPlain, message())).outcome).not.toBe('sent');
    expect([mails.length, plain.mails.length]).toEqual([1, 0]);
  });

  it('does not talk to a server whose certificate does not hold', async () => {
    const { port, mails } = await mailServer({ secure: true });
    const verdict = await deliver(openKind('email', { ...basic, smtp: `smtps://localhost:${port}` }), message());
    expect(verdict).toMatchObject({ outcome: 'retry', reason: expect.stringMatching(/certificate/i) });
    expect(mails).toEqual([]);
    const trusted = openKind('email', { ...basic, smtp: `smtps://localhost:${port}`, ca: cert });
    expect(await deliver(trusted, message())).toMatchObject({ outcome: 'sent' });
  });

  it('tries again after 4yz and gives up after 5yz', async () => {
    const busy = await mailServer({ onMailFrom: (_from, _session, done) => done(refused(451, 'greylisted')) });
    const later = await deliver(
      openKind('email', { ...basic, smtp: `smtp://localhost:${busy.port}`, ca: cert }),
      message(),
    );
    expect(later).toMatchObject({ outcome: 'retry', reason: expect.stringContaining('451') });
    const strict = await mailServer({ onRcptTo: (_to, _session, done) => done(refused(550, 'no such user')) });
    const never = await deliver(
      openKind('email', { ...basic, smtp: `smtp://localhost:${strict.port}`, ca: cert }),
      message(),
    );
    expect(never).toMatchObject({ outcome: 'give-up', reason: expect.stringContaining('550') });
    const half = await mailServer({
      onRcptTo: ({ address }, _session, done) => done(address.startsWith('ben') ? refused(550, 'no such user') : null),
    });
    const partly = await deliver(
      openKind('email', { ...basic, smtp: `smtp://localhost:${half.port}`, ca: cert }),
      message(),
    );
    expect(partly).toMatchObject({ outcome: 'give-up', reason: expect.stringContaining('1 of the recipients') });
    expect(half.mails).toHaveLength(1);
  });

  it('cannot be made to send other headers by a title', async () => {
    const { port, mails } = await mailServer();
    const channel = openKind('email', { ...basic, smtp: `smtp://localhost:${port}`, ca: cert });
    const evil = incident({ title: 'x\r\nBcc: eve@example.com\r\n\r\nhello' });
    expect(await deliver(channel, message('open', { incidents: [evil] }))).toMatchObject({ outcome: 'sent' });
    expect(mails[0]?.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/im);
  });
});
