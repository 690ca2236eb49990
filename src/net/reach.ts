import { connect } from 'node:net';

export type Reach = 'open' | 'refused' | 'timeout' | 'no-route';

/** What one TCP connection to an address meets. Nothing is sent. `no-route` is trouble of our own, not of the target. */
export function reach(
  address: string,
  port: number,
  options: { signal: AbortSignal; timeoutMs: number },
): Promise<Reach> {
  return new Promise((resolve) => {
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
    const socket = connect({ host: address, port, signal });
    const end = (result: Reach) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end('open'));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted || error.code === 'ETIMEDOUT') end('timeout');
      else if (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET') end('refused');
      else end('no-route');
    });
  });
}
