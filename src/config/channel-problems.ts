import { CHANNELS } from '../channels/index.ts';
import { explainIssues, type Finding } from './issues.ts';
import type { FileInput } from './schema/index.ts';
import { inputSchema } from './schema-walk.ts';

/**
 * What the channels themselves say about their settings (a key that cannot be one), and kinds that can be written and
 * not be sent to. `input` has its references resolved, so values are not repeated in messages.
 */
export function channelProblems(input: FileInput): { problems: Finding[]; warnings: Finding[] } {
  const problems: Finding[] = [];
  const warnings: Finding[] = [];
  for (const [id, channel] of Object.entries(input.alerting?.channels ?? {})) {
    for (const [kind, settings] of Object.entries(channel)) {
      const path = ['alerting', 'channels', id, kind];
      const known = CHANNELS.get(kind);
      if (!known) {
        const can = [...CHANNELS.keys()].join(', ');
        warnings.push({
          path,
          on: 'key',
          message: `${kind} cannot be sent to yet, so nobody is told by it; ${can} can`,
        });
        continue;
      }
      const parsed = known.settings.safeParse(settings);
      if (parsed.success) continue;
      for (const one of explainIssues(parsed.error.issues, settings, inputSchema(known.settings))) {
        problems.push({ ...one, path: [...path, ...one.path] });
      }
    }
  }
  return { problems, warnings };
}
