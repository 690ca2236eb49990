import type { Io } from './io.ts';

export interface Progress {
  probe(): void;
  target(name: string): void;
  done(): void;
}

/** One line that rewrites itself, on a terminal only; elsewhere nothing, so that logs stay short. */
export function progress(io: Pick<Io, 'err' | 'watched'>, total: number, quiet: boolean): Progress {
  if (!io.watched || quiet) return { probe() {}, target() {}, done() {} };
  let probes = 0;
  let finished = 0;
  let last = '';
  const draw = () => {
    const line = `auditing ${finished}/${total} · ${probes} probe${probes === 1 ? '' : 's'} done${last}`;
    io.err(`\r\u001b[2K${line.slice(0, 78)}`);
  };
  draw();
  return {
    probe() {
      probes += 1;
      draw();
    },
    target(name) {
      finished += 1;
      last = ` · ${name}`;
      draw();
    },
    done: () => io.err('\r\u001b[2K'),
  };
}
