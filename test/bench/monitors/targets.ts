import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';

/** Servers to look at, in a process of their own: HTTP on 18080 and, with a key and a certificate, HTTPS on 18443. */
const [key, certificate] = process.argv.slice(2);
const answer = (_: unknown, response: { end(text: string): void }): void => response.end('ok');
createHttp(answer).listen({ port: 18_080, host: '0.0.0.0', backlog: 4_096 }, () => {
  if (key === undefined || certificate === undefined) return console.log('ready');
  createHttps({ key: readFileSync(key), cert: readFileSync(certificate) }, answer).listen(18_443, '0.0.0.0', () =>
    console.log('ready'),
  );
});
