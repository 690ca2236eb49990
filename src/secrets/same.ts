/** A stretch that two contents share: `length` bytes at `before` in the one and at `now` in the other. */
export interface Same {
  before: number;
  now: number;
  length: number;
}

const ANCHOR = 32;
/** A shorter stretch is not worth another look: what surrounds a change is scanned with it anyway. */
const MIN_GAP = 768;
const MAX_SPLITS = 10;
/** How far a stretch is looked for from where it would be if nothing had been put in or taken out before. */
const DRIFT = 8_192;
/** How often it may be looked for everywhere without being found: that takes as long as scanning some of it. */
const MAX_WIDE = 2;

interface Left {
  splits: number;
  /** Shared by all branches. */
  effort: { wide: number };
}

interface Range {
  bytes: Buffer;
  from: number;
  to: number;
}

/**
 * Stretches of `now` that stand in `before` too, in the order of `now`. Two versions of a file differ in a few places, and
 * comparing bytes is some fifty times as fast as looking for secrets. What is not found to be the same may be so all the same.
 */
export function sameStretches(before: Buffer, now: Buffer): Same[] {
  const found: Same[] = [];
  const whole = (bytes: Buffer) => ({ bytes, from: 0, to: bytes.length });
  compare(whole(before), whole(now), { splits: MAX_SPLITS, effort: { wide: MAX_WIDE } }, found);
  return found;
}

function compare(a: Range, b: Range, left: Left, found: Same[]): void {
  const head = commonHead(a, b);
  if (head > 0) found.push({ before: a.from, now: b.from, length: head });
  const restA = { ...a, from: a.from + head };
  const restB = { ...b, from: b.from + head };
  const tail = commonTail(restA, restB);
  restA.to -= tail;
  restB.to -= tail;
  if (left.splits > 0 && restB.to - restB.from >= MIN_GAP && restA.to - restA.from >= ANCHOR)
    split(restA, restB, { ...left, splits: left.splits - 1 }, found);
  if (tail > 0) found.push({ before: restA.to, now: restB.to, length: tail });
}

/** Looks for the middle of `b` in `a` and compares what lies before it and behind it. */
function split(a: Range, b: Range, left: Left, found: Same[]): void {
  const middle = b.from + ((b.to - b.from - ANCHOR) >> 1);
  const expected = Math.min(a.to, a.from + middle - b.from);
  const anchorBytes = b.bytes.subarray(middle, middle + ANCHOR);
  const search = (from: number, to: number) => {
    const at = a.bytes.subarray(from, to).indexOf(anchorBytes);
    return at === -1 ? -1 : from + at;
  };
  let anchor = search(Math.max(a.from, expected - DRIFT), Math.min(a.to, expected + DRIFT));
  if (anchor === -1 && left.effort.wide > 0 && a.to - a.from > DRIFT) {
    anchor = search(a.from, a.to);
    if (anchor === -1) left.effort.wide -= 1;
  }
  if (anchor === -1) {
    compare({ ...a, to: expected }, { ...b, to: middle }, left, found);
    compare({ ...a, from: expected }, { ...b, from: middle }, left, found);
    return;
  }
  const back = commonTail({ ...a, to: anchor }, { ...b, to: middle });
  const length = back + commonHead({ ...a, from: anchor }, { ...b, from: middle });
  const [a0, b0] = [anchor - back, middle - back];
  compare({ ...a, to: a0 }, { ...b, to: b0 }, left, found);
  found.push({ before: a0, now: b0, length });
  compare({ ...a, from: a0 + length }, { ...b, from: b0 + length }, left, found);
}

const STEPS = [16_384, 512, 32] as const;

function commonHead(a: Range, b: Range): number {
  const most = Math.min(a.to - a.from, b.to - b.from);
  let same = 0;
  for (const step of STEPS) {
    while (same + step <= most && equal(a.bytes, a.from + same, b.bytes, b.from + same, step)) same += step;
  }
  while (same < most && a.bytes[a.from + same] === b.bytes[b.from + same]) same += 1;
  return same;
}

function commonTail(a: Range, b: Range): number {
  const most = Math.min(a.to - a.from, b.to - b.from);
  let same = 0;
  for (const step of STEPS) {
    while (same + step <= most && equal(a.bytes, a.to - same - step, b.bytes, b.to - same - step, step)) same += step;
  }
  while (same < most && a.bytes[a.to - same - 1] === b.bytes[b.to - same - 1]) same += 1;
  return same;
}

function equal(a: Buffer, aAt: number, b: Buffer, bAt: number, length: number): boolean {
  return a.compare(b, bAt, bAt + length, aAt, aAt + length) === 0;
}
