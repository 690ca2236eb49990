import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';

/** Our own address on the way to another one, as the routing table chooses it; `null` where there is no way. Sends nothing. */
export function sourceAddress(to: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket(isIP(to) === 6 ? 'udp6' : 'udp4');
    const say = (address: string | null) => {
      socket.removeAllListeners('error').on('error', () => {});
      socket.close();
      resolve(address);
    };
    socket.once('error', () => say(null));
    // Connecting a UDP socket only asks the kernel for a route; port 9 is "discard".
    socket.connect(9, to, () => say(socket.address().address));
  });
}
