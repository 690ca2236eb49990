import { writeSync } from 'node:fs';
import { exampleHttp } from '../../../src/core/facts/examples.ts';
import { openStore } from '../../../src/store/open.ts';
import { packFacts } from '../../../src/store/repositories/facts.ts';
import { repositories } from '../../../src/store/repositories/index.ts';
import { finding } from '../../support/findings.ts';
import { exampleTarget } from '../../support/targets.ts';
import { message, newAudit } from '../contract/fixture.ts';

/**
 * Run as a child process that will be killed: saves audits with facts, findings and a message each, and says the id of
 * an audit only when the store has said that it is saved.
 */
const [url = '', prefix = ''] = process.argv.slice(2);
const store = await openStore({ url, now: 1, exclusive: true });
const repos = repositories(store);
const target = exampleTarget({ needs: ['http'] });
for (let n = 0; ; n += 1) {
  const id = `${prefix}-${n}`;
  const at = 1_000 + n;
  const headers = { N: id.repeat(200) };
  const packed = await packFacts(
    {
      targetId: 'shop-web',
      kind: 'endpoint',
      collectedAt: at,
      facts: { http: { ok: true, value: exampleHttp(headers), at, ms: 1 } },
    },
    target,
  );
  await store.write(async (q) => {
    await repos.facts.save(q, packed, at);
    const facts = { factsHash: packed.hash, facts: packed.manifest };
    const run = await repos.audits.save(q, newAudit({ id, finishedAt: at, ...facts }));
    const findings = Array.from({ length: 20 }, (_, i) => finding({ subject: `${(n + i) % 30}` }));
    await repos.findings.record(q, { auditId: id, targetId: 'shop-web', run, at, findings });
    await repos.outbox.enqueue(q, message({ id, incidentIds: [] }));
  });
  writeSync(1, `${id}\n`);
}
