import type { Place } from './addresses.ts';
import { formatHostPort } from './tcp.ts';

/** Nodes that are looked at at a time. */
const CONCURRENCY = 4;

/** How a node stands in findings. */
export function placeName({ address, port }: Place): string {
  return formatHostPort(address, port);
}

/** Does something at every place, a few at a time; answers in the order of the places. */
export async function atEveryPlace<T>(places: readonly Place[], look: (place: Place) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  const queue = [...places.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) answers[next[0]] = await look(next[1]);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return answers;
}
