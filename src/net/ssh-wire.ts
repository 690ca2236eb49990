import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';
import { openSocket, where } from './ssh-socket.ts';
import { helloReader, type ServerHello } from './sshwire.ts';

/** RFC 4253, 4.2. A name that an administrator finds in the log and can look up. */
const IDENTIFICATION = 'SSH-2.0-Seaworthy\r\n';

/** Reads a server's identification and KEXINIT: one connection, no key exchange, milliseconds. Throws `AbsentError`. */
export async function readHello(
  to: { host: string; port: number },
  options: { signal: AbortSignal; timeoutMs: number },
): Promise<ServerHello> {
  const socket = await openSocket(to, options.signal, options.timeoutMs);
  const reader = helloReader();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        end(
          new AbsentError(
            'timeout',
            `${where(to)} is open but sent no SSH greeting within ${options.timeoutMs / 1_000} s`,
          ),
        ),
      options.timeoutMs,
    );
    const aborted = () => end(options.signal.reason);
    const end = (problem: unknown) => {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', aborted);
      socket.destroy();
      if (reader.hello) resolve(reader.hello);
      else reject(problem);
    };
    options.signal.addEventListener('abort', aborted, { once: true });
    socket.on('data', (chunk: Buffer) => {
      if (reader.push(chunk) === 'more') return;
      end(new AbsentError('not-applicable', `what answers at ${where(to)} is not SSH: ${reader.problem}`));
    });
    socket.on('error', (cause) =>
      end(new AbsentError('unreachable', `the connection to ${where(to)} broke: ${reasonOf(cause)}`)),
    );
    socket.on('close', () => {
      const why = 'closed the connection before its greeting: too many connections (MaxStartups), a penalty or a ban';
      end(new AbsentError('unreachable', `${where(to)} ${why}`));
    });
    socket.write(IDENTIFICATION);
  });
}
