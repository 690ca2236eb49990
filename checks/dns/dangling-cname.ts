import { defineCheck } from '../../src/core/check.ts';
import { exampleDns } from '../../src/core/facts/examples.ts';
import { fail, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

const alias = (exists: boolean | null, target = 'shop-2023.cloudapp.example') =>
  exampleDns({ name: 'www.shop.example', aliases: [{ name: 'www.shop.example', target, exists }] });

export default defineCheck({
  id: 'dns.dangling-cname',
  title: 'No alias leads to a name that is gone',
  category: 'dns',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'Whoever registers the name that an abandoned alias leads to serves pages, cookies and certificates under yours.',
  remediation: 'Delete the CNAME record, or claim its target again at the provider before somebody else does.',
  references: [
    'https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/02-Configuration_and_Deployment_Management_Testing/10-Test_for_Subdomain_Takeover',
  ],
  needs: ['dns'],
  evaluate({ dns }) {
    const outcomes = dns.aliases.map(({ name, target, exists }): Outcome => {
      if (exists === null) return unknown(name, `could not ask whether ${target} exists`);
      if (exists) return pass(`${target} exists`, { subject: name });
      return fail(name, `${name} is an alias of ${target}, which does not exist`, { seen: `${name} CNAME ${target}` });
    });
    return outcomesOr(outcomes, pass(`${dns.name} is no alias`));
  },
  examples: [
    { name: 'the target exists', facts: { dns: alias(true) }, status: 'pass' },
    { name: 'the target is gone', facts: { dns: alias(false) }, status: 'fail', subjects: ['www.shop.example'] },
    { name: 'no alias', facts: { dns: exampleDns() }, status: 'pass' },
    { name: 'nobody could tell', facts: { dns: alias(null) }, status: 'unknown' },
  ],
});
