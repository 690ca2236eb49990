import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { noneFound, offeredSuites } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleProtocols, exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, notApplicable, type Outcome, pass } from '../../src/core/outcome.ts';
import { suiteByName } from '../../src/knowledge/tls/cipher-suites.ts';

const CBC = 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA';

export default defineCheck({
  id: 'tls.aead',
  title: 'Authenticated encryption is offered and preferred',
  category: 'tls',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'CBC suites were the door of BEAST, Lucky 13 and POODLE; AEAD suites (GCM, ChaCha20-Poly1305, CCM) have none of that.',
  remediation: 'Put ECDHE suites with GCM or ChaCha20-Poly1305 first, and drop CBC where your clients allow it.',
  references: ['https://www.rfc-editor.org/rfc/rfc9325#section-4.2', 'https://www.rfc-editor.org/rfc/rfc7905'],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, (address, name) => {
      const offered = offeredSuites(address);
      if (offered.length === 0)
        return noneFound(address, name, [], notApplicable('no suite is offered', { subject: name() }));
      const outcomes: Outcome[] = [];
      if (!offered.some(({ suite }) => suite.mode === 'aead'))
        outcomes.push(fail(name(), 'no AEAD suite is offered', { wanted: 'GCM, ChaCha20-Poly1305 or CCM' }));
      else {
        // Only TLS 1.2 has both kinds; 1.3 has nothing but AEAD, older versions have none.
        const tls12 = address.protocols['TLSv1.2'];
        const [first] = tls12.ciphers;
        if (
          first &&
          tls12.serverPreference &&
          suiteByName(first).mode !== 'aead' &&
          tls12.ciphers.some((one) => suiteByName(one).mode === 'aead')
        )
          outcomes.push(
            fail(name(), `the server prefers ${first} to its AEAD suites`, {
              seen: first,
              wanted: 'an AEAD suite first',
            }),
          );
      }
      if (outcomes.length > 0) return outcomes;
      return pass('AEAD suites are offered, and none is put behind', { subject: name() });
    });
  },
  examples: [
    { name: 'AEAD first', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'CBC only',
      facts: { tls: exampleTls({ protocols: exampleProtocols({ 'TLSv1.2': [CBC] }) }) },
      status: 'fail',
    },
    {
      name: 'CBC preferred',
      facts: {
        tls: exampleTls({ protocols: exampleProtocols({ 'TLSv1.2': [CBC, 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'] }) }),
      },
      status: 'fail',
    },
  ],
});
