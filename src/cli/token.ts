import { createHash, randomBytes } from 'node:crypto';
import { Option } from 'commander';
import { AppError } from '../core/error.ts';
import { padTo } from '../report/terminal-text.ts';
import { repositories } from '../store/repositories/index.ts';
import { addDataOption, withStore } from './store.ts';
import type { Define } from './verbs.ts';

const ROLES = ['viewer', 'operator', 'admin', 'ci'] as const;

export const define: Define = (command, io) => {
  addDataOption(command.command('create'))
    .description('print a new token, alone, on stdout; it is shown only once')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .option('--name <name>', 'who uses it', 'unnamed')
    .action(async ({ role, name, data }: { role: (typeof ROLES)[number]; name: string; data?: string }) => {
      // The prefix lets secret scanners know one of ours; only its hash is kept.
      const token = `sw_${randomBytes(32).toString('base64url')}`;
      const hash = createHash('sha256').update(token).digest('hex');
      const id = randomBytes(8).toString('hex');
      await withStore(data, io, (store) =>
        store.write((q) => repositories(store).tokens.add(q, { id, role, name, createdAt: io.now(), hash })),
      );
      await io.out(`${token}\n`);
    });

  addDataOption(command.command('list'))
    .description('list tokens, without their text')
    .action(async ({ data }: { data?: string }) => {
      const tokens = await withStore(data, io, (store) => repositories(store).tokens.list());
      const day = (at: number | null) =>
        at === null ? 'never' : new Date(at).toISOString().slice(0, 16).replace('T', ' ');
      const lines = tokens.map((token) =>
        [
          token.id,
          padTo(token.role, 8),
          padTo(token.name, 20),
          `created ${day(token.createdAt)}`,
          token.revokedAt === null ? `used ${day(token.lastUsedAt)}` : `revoked ${day(token.revokedAt)}`,
        ].join('  '),
      );
      await io.out(lines.map((line) => `${line}\n`).join(''));
    });

  addDataOption(command.command('revoke'))
    .description('end a token and the sessions that it opened')
    .argument('<id>', 'as `token list` shows it')
    .action(async (id: string, { data }: { data?: string }) => {
      const revoked = await withStore(data, io, (store) =>
        store.write(async (q) => {
          const { tokens, sessions } = repositories(store);
          await sessions.endOfToken(q, id);
          return tokens.revoke(q, id, io.now());
        }),
      );
      if (!revoked) {
        throw new AppError('token-unknown', `there is no valid token with the id "${id}"`, {
          hint: '`seaworthy token list` shows them',
        });
      }
      io.err(`${id} is revoked\n`);
    });
};
