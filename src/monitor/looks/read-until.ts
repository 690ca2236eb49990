import type { Socket } from 'node:net';

/** Reads from a connection until `enough` is pleased with what came, bounded in bytes; the signal bounds the time. */
export function readUntil<T>(
  socket: Socket,
  maxBytes: number,
  enough: (seen: Buffer) => T | undefined,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let seen: Buffer = Buffer.alloc(0);
    const settle = (): void => {
      signal.removeEventListener('abort', onAbort);
      socket.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', fail);
      socket.on('error', () => {}).pause();
    };
    const fail = (reason: unknown): void => {
      settle();
      reject(reason);
    };
    const onAbort = (): void => fail(signal.reason);
    const onEnd = (): void => fail(new Error('the connection was closed before there was an answer'));
    const onData = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      try {
        const found = enough(seen);
        if (found !== undefined) {
          settle();
          resolve(found);
        } else if (seen.length > maxBytes) fail(new Error(`the answer is longer than ${maxBytes} bytes`));
      } catch (thrown) {
        fail(thrown);
      }
    };
    socket.on('data', onData).once('end', onEnd).once('close', onEnd).once('error', fail);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    socket.resume();
  });
}
