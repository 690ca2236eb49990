import { connect, createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { TLS_VERSIONS, tlsAddressFacts } from '../../../src/core/facts/tls.ts';
import { scanAddress } from '../../../src/net/tls/scan.ts';
import { type StartTls, startTls } from '../../../src/net/tls/starttls.ts';
import { testCertificate } from '../../support/tls.ts';
import { judgeAddress } from '../../support/tls-scan.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Words {
  /** Sent on connecting. */
  greeting?: string | Buffer;
  /** Answers in the clear; the one that goes with `upgrade` is followed by TLS. */
  answer(said: Buffer): { reply: string | Buffer; upgrade?: boolean } | undefined;
}

const mysqlGreeting = Buffer.concat([
  Buffer.from([0x24, 0, 0, 0, 10]),
  Buffer.from('8.0.36\0'),
  Buffer.alloc(4 + 8 + 1, 1),
  Buffer.from([0x00, 0x08 | 0x80]),
  Buffer.alloc(20),
]);

/** The servers' side of each protocol, as its document writes it. */
const DIALOGS: Readonly<Record<StartTls, Words>> = {
  smtp: {
    greeting: '220-mail.shop.example\r\n220 ESMTP\r\n',
    answer: (said) =>
      said.includes('EHLO')
        ? { reply: '250-mail.shop.example\r\n250-STARTTLS\r\n250 8BITMIME\r\n' }
        : { reply: '220 2.0.0 go ahead\r\n', upgrade: true },
  },
  ftp: { greeting: '220 (vsFTPd 3.0.3)\r\n', answer: () => ({ reply: '234 go ahead\r\n', upgrade: true }) },
  imap: { greeting: '* OK ready\r\n', answer: () => ({ reply: 'a1 OK begin TLS\r\n', upgrade: true }) },
  pop3: { greeting: '+OK ready\r\n', answer: () => ({ reply: '+OK begin TLS\r\n', upgrade: true }) },
  ldap: {
    answer: () => ({ reply: Buffer.from('300c02010178070a010004000400', 'hex'), upgrade: true }),
  },
  xmpp: {
    answer: (said) =>
      said.includes('<starttls')
        ? { reply: "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", upgrade: true }
        : {
            reply:
              "<stream:stream><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>",
          },
  },
  postgres: { answer: (said) => ({ reply: said[4] === 0x04 ? 'S' : 'E', upgrade: true }) },
  mysql: { greeting: mysqlGreeting, answer: () => ({ reply: '', upgrade: true }) },
};

/** Speaks the words, then hands the connection to a TLS server behind. */
async function serve(words: Words): Promise<number> {
  const behind = await listen(createTlsServer(testCertificate(), (socket) => socket.on('error', () => {})));
  return listen(
    createServer((socket) => {
      socket.on('error', () => {});
      if (words.greeting) socket.write(words.greeting);
      socket.on('data', function onData(said: Buffer) {
        const answer = words.answer(said);
        if (!answer) return;
        if (answer.reply.length > 0) socket.write(answer.reply);
        if (!answer.upgrade) return;
        socket.removeListener('data', onData);
        const tls = connect(behind, '127.0.0.1');
        tls.on('error', () => socket.destroy());
        // What came together with the last word belongs to TLS already.
        const rest = said.indexOf(Buffer.from([22, 3, 1]));
        if (rest > 0) tls.write(said.subarray(rest));
        socket.pipe(tls).pipe(socket);
      });
    }),
  );
}

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function scan(port: number, protocol: StartTls) {
  const signal = AbortSignal.timeout(30_000);
  return scanAddress({
    address: '127.0.0.1',
    port,
    serverName: 'shop.example',
    signal,
    timeoutMs: 2_000,
    budget: 200,
    prelude: (socket) => startTls(socket, protocol, 'shop.example', { signal, timeoutMs: 2_000 }),
    onConnection: () => {},
  });
}

describe('TLS after words in the clear', () => {
  it.each(Object.entries(DIALOGS))('%s', async (protocol, words) => {
    const facts = await scan(await serve(words), protocol as StartTls);
    expect(facts.absence).toBeNull();
    expect(facts.protocols['TLSv1.2'].offered).toBe(true);
    expect(facts.protocols['TLSv1.3']).toMatchObject({ offered: true, complete: true });
    expect(facts.protocols['TLSv1.0'].offered).toBe(false);
    expect(facts.certificateChain[0]?.names.dns).toContain('shop.example');
  });

  const smtp = (said: string) => ({
    greeting: '220 ready\r\n',
    answer: (data: Buffer) => ({ reply: data.toString().startsWith('EHLO') ? '250 hello\r\n' : said }),
  });
  it.each([
    ['smtp', smtp('502 not here\r\n'), /502 not here/],
    ['imap', { greeting: '* OK\r\n', answer: () => ({ reply: 'a1 NO never\r\n' }) }, /a1 NO never/],
    ['pop3', { greeting: '+OK\r\n', answer: () => ({ reply: '-ERR what?\r\n' }) }, /-ERR what/],
    ['postgres', { answer: () => ({ reply: 'N' }) }, /has no TLS/],
    ['ldap', { answer: () => ({ reply: Buffer.from('300c02010178070a010204000400', 'hex') }) }, /result code 2/],
  ] as const)(
    '%s that says no offers no TLS: one critical finding, and nothing else to judge',
    async (protocol, words, reason) => {
      const facts = await scan(await serve(words), protocol);
      expect(tlsAddressFacts.safeParse(facts).error).toBeUndefined();
      expect(facts.absence).toBeNull();
      expect(facts.declined).toMatch(reason);
      for (const version of TLS_VERSIONS) expect(facts.protocols[version].offered).toBe(false);
      const { protocols, ...others } = judgeAddress(facts);
      expect(protocols).toMatchObject([
        { status: 'fail', severity: 'critical', message: expect.stringMatching(/no TLS/) },
      ]);
      expect(new Set(Object.values(others).flatMap((all) => all.map((one) => one.status)))).toEqual(
        new Set(['not-applicable']),
      );
    },
  );

  it('a real mail server with STARTTLS turned off is such a one', async () => {
    const server = new SMTPServer({ disabledCommands: ['STARTTLS'], authOptional: true, disableReverseLookup: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.server.address();
    const facts = await scan(typeof address === 'object' && address ? address.port : 0, 'smtp');
    await new Promise<void>((resolve) => server.close(() => resolve()));
    expect(facts.declined).toMatch(/the server said "5\d\d/);
  });

  it.each([
    ['smtp', smtp('454 TLS not available due to temporary reason\r\n'), /454 TLS/],
    ['smtp', { greeting: '554 go away\r\n', answer: () => ({ reply: '' }) }, /554 go away/],
    ['imap', { greeting: '* OK\r\n', answer: () => ({ reply: 'a1 NO [UNAVAILABLE] later\r\n' }) }, /UNAVAILABLE/],
    ['ldap', { answer: () => ({ reply: Buffer.from('300c02010178070a013304000400', 'hex') }) }, /result code 51/],
  ] as const)('%s that cannot now (%#) leaves it open', async (protocol, words, reason) => {
    const facts = await scan(await serve(words), protocol);
    expect(facts.declined).toBeNull();
    expect(facts.absence?.reason).toMatch(reason);
    expect(facts.protocols['TLSv1.3'].offered).toBeNull();
    const statuses = Object.values(judgeAddress(facts)).flatMap((all) => all.map((one) => one.status));
    expect(statuses).not.toContain('fail');
    expect(statuses).not.toContain('pass');
  });
});
