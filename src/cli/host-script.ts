import { renderHostScript, renderInstalledScript } from '../probes/host/index.ts';
import type { Define } from './verbs.ts';

export const define: Define = (command, io) => {
  command
    .addHelpText('after', '\nIt is read-only and needs nothing but a POSIX shell. Read it before you let it run.\n')
    .option('--forced-command', 'as a program to install on a host, for command="..." in authorized_keys')
    .option('--no-sudo', 'with --forced-command: never call sudo')
    .action((options: { forcedCommand?: boolean; sudo: boolean }) =>
      io.out(options.forcedCommand ? renderInstalledScript({ sudo: options.sudo }) : renderHostScript()),
    );
};
