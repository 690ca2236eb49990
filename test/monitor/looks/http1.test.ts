import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Http1Reader } from '../../../src/monitor/looks/http1.ts';

function read(text: string, options: { cut?: number[]; method?: string; max?: number } = {}) {
  const reader = new Http1Reader(options.method ?? 'GET', options.max ?? 1_000_000);
  const bytes = Buffer.from(text, 'latin1');
  let from = 0;
  for (const at of [
    ...(options.cut ?? []).map((one) => one % (bytes.length + 1)).sort((a, b) => a - b),
    bytes.length,
  ]) {
    reader.push(bytes.subarray(from, at));
    from = at;
  }
  reader.end();
  return { status: reader.head?.status, body: reader.body.toString('latin1'), truncated: reader.truncated };
}
const cuts = fc.array(fc.nat(), { maxLength: 8 });

describe('an answer of HTTP/1', () => {
  it.each([
    { what: 'by length', text: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello' },
    { what: 'until the end', text: 'HTTP/1.0 200 OK\r\nServer: x\r\n\r\nhello' },
    {
      what: 'in chunks',
      text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nA: b\r\n\r\n',
    },
    { what: 'with bare line ends', text: 'HTTP/1.1 200\nContent-Length: 5\n\nhello' },
    {
      what: 'after an early hint',
      text: 'HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    },
    {
      what: 'without the second of two equal lengths',
      text: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello',
    },
  ])('is read $what, however it is cut', ({ text }) => {
    fc.assert(
      fc.property(cuts, (cut) => {
        expect(read(text, { cut })).toEqual({ status: 200, body: 'hello', truncated: false });
      }),
    );
  });

  it('has no body after HEAD, 204 and 304', () => {
    const lengthy = (status: number): string => `HTTP/1.1 ${status} x\r\nContent-Length: 5\r\n\r\n`;
    expect(read(lengthy(200), { method: 'HEAD' }).body).toBe('');
    expect(read(lengthy(204)).status).toBe(204);
    expect(read(lengthy(304)).status).toBe(304);
  });

  it.each([
    { what: 'another protocol', text: 'SSH-2.0-OpenSSH_9.6\r\n', says: 'the answer is not HTTP' },
    { what: 'a status that is none', text: 'HTTP/1.1 OK\r\n\r\n', says: 'the answer is not HTTP' },
    { what: 'HTTP/2 without a word of greeting', text: 'HTTP/2 200\r\n\r\n', says: 'the answer is not HTTP' },
    { what: 'silence', text: '', says: 'before there was an answer' },
    { what: 'half a head', text: 'HTTP/1.1 200 OK\r\nA: b', says: 'before there was an answer' },
    { what: 'endless headers', text: `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(9_000)}`, says: 'headers are longer' },
    {
      what: 'two lengths',
      text: 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na',
      says: 'two lengths',
    },
    { what: 'a length that is none', text: 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\na', says: 'not a number' },
    {
      what: 'an unknown coding',
      text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\na',
      says: 'transfer coding',
    },
    {
      what: 'a chunk without a size',
      text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      says: 'no size',
    },
    {
      what: 'a chunk that says too little',
      text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n',
      says: 'longer than it says',
    },
    {
      what: 'a body that ends too early',
      text: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf',
      says: 'middle of the body',
    },
    {
      what: 'chunks that do not end',
      text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n',
      says: 'middle of the body',
    },
    { what: 'interim answers without end', text: 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(20), says: 'interim' },
  ])('is refused where it is $what', ({ text, says }) => {
    expect(() => read(text)).toThrow(says);
  });

  it('is cut at the limit, and says so', () => {
    const text = `HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n${'x'.repeat(100)}`;
    expect(read(text, { max: 10 })).toEqual({ status: 200, body: 'xxxxxxxxxx', truncated: true });
  });

  it('never throws anything but a reason, and never keeps more than it may', () => {
    const noise = fc.string({
      unit: fc.constantFrom('H', 'T', 'P', '/', '1', '.', ' ', '2', '0', '\r', '\n', ':', 'a'),
      maxLength: 200,
    });
    fc.assert(
      fc.property(noise, cuts, (text, cut) => {
        try {
          expect(read(`HTTP/1.1 200 OK\r\n${text}`, { cut, max: 20 }).body.length).toBeLessThanOrEqual(20);
        } catch (thrown) {
          expect((thrown as Error).message).toMatch(/^(?:the|a|there) /);
        }
      }),
    );
  });
});
