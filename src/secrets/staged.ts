/** One staged file. `isNew` = the newest commit has no such path. */
export interface StagedFile {
  path: string;
  /** Object id of the staged content. */
  blob: string;
  kind: 'file' | 'link' | 'submodule' | 'unmerged';
  isNew: boolean;
}

/** Lines from `first` to `last` of the new content, from 1, both included. */
export interface LineRange {
  first: number;
  last: number;
}

/** Reads `git diff-index --cached --raw -z --no-renames --no-abbrev`; what is deleted is left out. */
export function parseRaw(output: Buffer): StagedFile[] {
  const fields = output.toString('utf8').split('\0');
  const files: StagedFile[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const match = /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])/.exec(fields[at] ?? '');
    const path = fields[at + 1];
    if (!match || path === undefined) continue;
    const [, oldMode, mode = '', old = '', blob = '', status] = match;
    if (status === 'D' || (status !== 'U' && /^0+$/.test(blob))) continue; // gone, or only meant to be added (`add -N`)
    if (status !== 'U' && old === blob) continue; // a change of the mode adds no line
    const kind = status === 'U' ? 'unmerged' : mode === '160000' ? 'submodule' : mode === '120000' ? 'link' : 'file';
    files.push({ path, blob, kind, isNew: oldMode === '000000' });
  }
  return files;
}

/** Reads `git ls-files --stage -z`: before the first commit all that is staged is new. */
export function parseStage(output: Buffer): StagedFile[] {
  return output
    .toString('utf8')
    .split('\0')
    .flatMap((entry) => {
      const [, mode, blob = '', stage, path] = /^(\d{6}) ([0-9a-f]+) (\d)\t([\s\S]+)$/.exec(entry) ?? [];
      if (path === undefined) return [];
      const kind = stage !== '0' ? 'unmerged' : mode === '160000' ? 'submodule' : mode === '120000' ? 'link' : 'file';
      return [{ path, blob, kind, isNew: true } as const];
    });
}

/**
 * The added lines of each file of a patch without context (`-U0 --full-index`), by the id of its new content. A line of
 * content begins with a sign, so that no content can pass for a header.
 */
export function parseAddedLines(patch: string): Map<string, LineRange[]> {
  const added = new Map<string, LineRange[]>();
  let ranges: LineRange[] = [];
  for (const line of patch.split('\n')) {
    if (line.startsWith('diff --git ')) ranges = [];
    const id = /^index [0-9a-f]+\.\.([0-9a-f]+)/.exec(line)?.[1];
    if (id !== undefined) {
      // Two paths may get the same content from different beginnings; then either's lines count for both.
      ranges = added.get(id) ?? ranges;
      added.set(id, ranges);
    }
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (!hunk) continue;
    const first = Number(hunk[1]);
    const count = hunk[2] === undefined ? 1 : Number(hunk[2]);
    if (count > 0) ranges.push({ first, last: first + count - 1 });
  }
  return added;
}
