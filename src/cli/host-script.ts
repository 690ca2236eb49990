import { renderHostScript } from '../probes/host/index.ts';
import type { Define } from './verbs.ts';

export const define: Define = (command, io) => {
  command
    .addHelpText('after', '\nIt is read-only and needs nothing but a POSIX shell. Read it before you let it run.\n')
    .action(() => io.out(renderHostScript()));
};
