import { connect, createServer, type Server, type Socket } from 'node:net';

export interface RelayOptions {
  /** Port of the server behind. */
  to: number;
  /** Added to each direction. */
  delayMs?: number;
  /** What to do with the n-th connection (from 1) instead of passing it on. */
  meddle?(connection: number): 'pass' | 'reset' | 'close' | 'swallow';
  /** Connections that are let through at the same time; those beyond are reset. */
  cap?: number;
  /** Bytes of the server's answer after which the connection is reset. */
  resetAfter?: number;
  /** Alerts of the server become a plain close, as some servers and firewalls do. */
  muteAlerts?: boolean;
}

export interface Relay {
  port: number;
  /** Connections that were made to it. */
  connections(): number;
  close(): void;
}

/** Stands between a client and a real server, counts, delays and meddles. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  let count = 0;
  let open = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    count += 1;
    sockets.add(client);
    client.on('error', () => {});
    open += 1;
    client.on('close', () => {
      open -= 1;
    });
    if (options.cap !== undefined && open > options.cap) return void client.resetAndDestroy();
    const deed = options.meddle?.(count) ?? 'pass';
    if (deed === 'reset') return void client.once('data', () => client.resetAndDestroy());
    if (deed === 'close') return void client.once('data', () => client.end());
    if (deed === 'swallow') return void client.resume();
    const behind = connect({ port: options.to, host: '127.0.0.1', noDelay: true });
    sockets.add(behind);
    behind.on('error', () => client.destroy());
    if (options.resetAfter !== undefined) {
      let left = options.resetAfter;
      behind.on('data', (data) => {
        left -= data.length;
        client.write(
          left < 0 ? data.subarray(0, data.length + left) : data,
          () => left < 0 && client.resetAndDestroy(),
        );
      });
      return void client.pipe(behind);
    }
    pass(client, behind, options.delayMs ?? 0, () => false);
    pass(behind, client, options.delayMs ?? 0, (data) => options.muteAlerts === true && data[0] === 21);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    connections: () => count,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function pass(from: Socket, to: Socket, delayMs: number, mute: (data: Buffer) => boolean): void {
  const later = (act: () => void) => (delayMs > 0 ? setTimeout(act, delayMs) : act());
  from.on('data', (data) => later(() => (mute(data) ? to.end() : to.writable && to.write(data))));
  from.on('end', () => later(() => to.end()));
  from.on('close', () => later(() => to.destroy()));
}
