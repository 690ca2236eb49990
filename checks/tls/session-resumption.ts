import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFeatures, exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'tls.session-resumption',
  title: 'Sessions can be resumed',
  category: 'tls',
  severity: 'info',
  since: '0.1.0',
  rationale: 'A resumed session saves a round trip and the most expensive computation of every visit after the first.',
  remediation:
    'Share a session cache among the workers (nginx: ssl_session_cache shared:TLS:10m) or use tickets with rotating keys.',
  references: ['https://www.rfc-editor.org/rfc/rfc5077', 'https://www.rfc-editor.org/rfc/rfc8446#section-2.2'],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, ({ features: { resumption } }, name) => {
      if (resumption === null) return unknown(name(), 'could not try to resume a session');
      return resumption
        ? pass('a session was resumed', { subject: name() })
        : fail(name(), 'no session could be resumed', { wanted: 'tickets or a session cache' });
    });
  },
  examples: [
    { name: 'resumed', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'not resumed',
      facts: { tls: exampleTls({ features: exampleFeatures({ resumption: false }) }) },
      status: 'fail',
    },
    {
      name: 'not tried',
      facts: { tls: exampleTls({ features: exampleFeatures({ resumption: null }) }) },
      status: 'unknown',
    },
  ],
});
