import { randomUUID } from 'node:crypto';
import { AppError, EXIT } from '../core/error.ts';
import { didYouMean } from '../core/suggest.ts';
import { testChannel } from '../incidents/deliver-test.ts';
import { CONFIG_OPTION, findConfig } from './find-config.ts';
import type { Define } from './verbs.ts';

export const define: Define = (command, io) => {
  command
    .command('test')
    .description('send a test incident and its end over one channel, and say what the receiver answered')
    .argument('<name>', 'as it is called under alerting.channels')
    .option(...CONFIG_OPTION)
    .action(async (name: string, { config: named }: { config?: string }) => {
      const channels = findConfig(named, io, { purpose: 'serve', quiet: true }).alerting?.channels ?? [];
      const channel = channels.find((one) => one.id === name);
      if (!channel) {
        const known = channels.map(({ id }) => id);
        const hint = known.length === 0 ? 'write one under alerting.channels' : `there are: ${known.join(', ')}`;
        throw new AppError('no-channel', `there is no channel "${name}"${didYouMean(name, known)}`, {
          hint,
          exit: EXIT.usage,
        });
      }
      const steps = await testChannel(channel, { id: `test-${randomUUID()}`, now: io.now });
      for (const { type, verdict } of steps) {
        const said = verdict.outcome === 'sent' ? verdict.note : verdict.reason;
        await io.out(`${type}  ${verdict.outcome}  ${said}\n`);
      }
      const last = steps.at(-1)?.verdict;
      if (last?.outcome === 'retry') {
        throw new AppError('channel-away', `channel "${name}" (${channel.kind}) could not be reached: ${last.reason}`, {
          hint: 'the service would try again; see whether the receiver is up and the address is right',
          exit: EXIT.couldNotLook,
        });
      }
      if (last?.outcome === 'give-up') {
        throw new AppError('channel-refused', `channel "${name}" (${channel.kind}) was refused: ${last.reason}`, {
          hint: 'see its settings under alerting.channels: the receiver will not take this as it is',
          exit: EXIT.usage,
        });
      }
    });
};
