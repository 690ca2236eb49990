import type { ReadyItem } from '../api/ports.ts';
import { reasonOf } from '../core/error.ts';
import type { ServiceCore } from './core.ts';

/** Whether the service is of use. Anybody may ask, so it names parts and states, not hosts, paths or values. */
export function readiness({ store, db, config, now, log }: ServiceCore): () => Promise<ReadyItem[]> {
  return async () => {
    const items: ReadyItem[] = [];
    try {
      await db.outbox.depth();
      items.push({
        name: 'store',
        ok: !store.readOnly,
        detail: store.readOnly ? 'can be read only' : `${store.dialect} answers`,
      });
    } catch (error) {
      log.error({ err: reasonOf(error) }, 'the store does not answer');
      items.push({ name: 'store', ok: false, detail: 'does not answer' });
    }
    const refused = config.refused();
    // The earlier configuration does its work: not a reason to take the service out of use, but to look.
    const age = refused && Math.round((now() - refused.at) / 1_000);
    items.push({
      name: 'configuration',
      ok: true,
      detail:
        refused === null
          ? 'as on disk'
          : `the file on disk is refused since ${age} s (${refused.problems.length} problems); the earlier one runs`,
    });
    return items;
  };
}
