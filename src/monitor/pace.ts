/** Of the steady rate, so much is made up for when looks are behind. */
const CATCH_UP = 1.4;
/** Looks that may begin together, in seconds of the steady rate. */
const TOGETHER_S = 0.4;
/** With few monitors there is nothing to spread. */
const TOGETHER_MIN = 50;

/** Says how many looks may begin: in no second more than twice the steady rate, whatever held us up before. */
export interface Pace {
  /** Looks per second when all is well. */
  set(rate: number): void;
  take(): boolean;
}

export function makePace(clock: () => number): Pace {
  let rate = 0;
  let room = TOGETHER_MIN;
  let at = clock();
  const most = (): number => Math.max(TOGETHER_MIN, rate * TOGETHER_S);
  return {
    set(looks) {
      rate = looks;
      room = most();
    },
    take() {
      const now = clock();
      room = Math.min(most(), room + ((now - at) / 1_000) * rate * CATCH_UP);
      at = now;
      if (room < 1) return false;
      room -= 1;
      return true;
    },
  };
}
