import { AbsentError } from '../core/collected.ts';
import type { BackupCandidate, BackupFacts } from '../core/facts/backup.ts';
import type { BackupTarget } from '../core/target.ts';
import { localTransport } from '../net/transport-local.ts';
import { connectSsh } from '../net/transport-ssh.ts';
import { type ProbeContext, probeOf } from './probe.ts';

const LISTED = 500;
const LINE_MAX = 4_400;

/** The files that match the pattern of a backup target, here or on a host. Reads names, times, sizes and a few first bytes. */
export const backupFilesProbe = probeOf({
  key: 'backup',
  on: ['backup'],
  timeoutMs: 60_000,
  look: lookForFiles,
});

export async function lookForFiles(target: BackupTarget, context: ProbeContext): Promise<BackupFacts> {
  const { source } = target;
  if (source.type !== 'files') {
    throw new AbsentError('missing-tool', `backups in ${source.type} repositories are not looked at yet`);
  }
  if (source.glob.includes('**')) throw new AbsentError('unreadable', 'patterns with ** are not understood; use *');
  const { signal } = context;
  const transport = source.over
    ? await connectSsh(source.over, { signal, onConnection: () => context.count('connections') })
    : localTransport();
  try {
    context.count('commands');
    const result = await transport.run(listScript(source.glob), { signal, maxBytes: LISTED * LINE_MAX });
    return parseList(Buffer.from(result.stdout).toString('utf8'), source.glob);
  } finally {
    transport.close();
  }
}

/** `'` ends, `\'` stands for itself, `'` begins again: nothing in the text is read by the shell. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Expands the pattern in the shell of the host (`IFS` empty: a name with a blank is one name) and lists what matches,
 * newest first: `F mtime size head name`. Names with a line break are left out of it.
 */
export function listScript(glob: string): string {
  const fixed = glob.slice(0, glob.search(/[*?[]|$/));
  const directory = fixed.slice(0, fixed.lastIndexOf('/')) || (glob.startsWith('/') ? '/' : '.');
  return `set -u; export LC_ALL=C; IFS=; dir=${quote(directory)}; pattern=${quote(glob)}
echo "C $(date +%s)"
if [ ! -e "$dir" ]; then echo "D none"; exit 0; fi
if [ ! -r "$dir" ] || [ ! -x "$dir" ]; then echo "D denied"; exit 0; fi
nl='
'
set -- $pattern
for f do case $f in *"$nl"*) ;; *) if [ -f "$f" ]; then printf '%s\\0' "$f"; fi;; esac; done |
  xargs -0 -r stat -c '%Y %s %n' -- 2>/dev/null | sort -rn | {
    n=0; IFS=' '
    while read -r mtime size name; do
      n=$((n + 1)); head=-
      if [ $n -le 5 ]; then head=$(head -c 4 -- "$name" 2>/dev/null | od -An -tx1 | tr -d ' \\n'); fi
      if [ $n -le ${LISTED} ]; then printf 'F %s %s %s %s\\n' "$mtime" "$size" "\${head:--}" "$name"; fi
    done
    echo "T $n"
  }
`;
}

/** Reads what the script printed; lines before its first are the shell's own noise. */
export function parseList(text: string, place: string): BackupFacts {
  const candidates: BackupCandidate[] = [];
  let clock: number | null = null;
  let total: number | null = null;
  for (const line of text.split('\n')) {
    if (line.startsWith('C ')) clock = Number(line.slice(2)) * 1_000;
    else if (clock === null) continue;
    else if (line === 'D none') total = 0;
    else if (line === 'D denied') throw new AbsentError('denied', `the directory of ${place} may not be read`);
    else if (line.startsWith('T ')) total = Number(line.slice(2));
    else if (line.startsWith('F ')) {
      const match = /^F (\d+)(?:\.\d+)? (\d+) (-|[0-9a-f]{2,8}) (.+)$/.exec(line);
      if (!match?.[4]) continue;
      const [, mtime, bytes, head = '-', name] = match;
      candidates.push({
        name,
        modifiedAt: Number(mtime) * 1_000,
        bytes: Number(bytes),
        head: head === '-' ? null : head,
      });
    }
  }
  if (clock === null || total === null || !Number.isFinite(clock + total)) {
    throw new AbsentError('unreadable', `the list of ${place} did not come whole`);
  }
  return { source: 'files', place, clock, candidates, total };
}
