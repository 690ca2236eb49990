import { elementsOf, type Load, loadsOf } from '../../src/analysis/elements.ts';
import { onDocument } from '../../src/analysis/headers.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { validIntegrity } from '../../src/analysis/integrity.ts';
import { related } from '../../src/analysis/site.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';
import { fail, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

const HASH = 'sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC';
const page = (body: string, more = {}) => ({ http: exampleHttp({}, { body, ...more }) });

export default defineHttpCheck({
  id: 'headers.sri',
  title: 'Script and style of third parties are pinned',
  category: 'headers',
  severity: 'medium',
  since: '0.1.0',
  rationale: "Whoever changes a file on a third party's server changes the page of everybody who loads it unpinned.",
  remediation:
    'Serve the file yourself, or pin it: <script src="..." integrity="sha384-..." crossorigin="anonymous">; openssl dgst -sha384 -binary FILE | openssl base64 -A gives the hash.',
  references: ['https://www.w3.org/TR/sri-2/'],
  evaluate({ http }) {
    return onDocument(http, ({ answer, bodyTruncated }) => {
      const host = new URL(answer.url).hostname;
      const loads = loadsOf(elementsOf(http), answer.url).filter(
        (load) => isCode(load) && !related(load.url.hostname, host),
      );
      const outcomes: Outcome[] = [];
      const seen = new Set<string>();
      for (const load of loads) {
        if (seen.has(load.url.href)) continue;
        seen.add(load.url.href);
        outcomes.push(judge(load));
      }
      if (bodyTruncated) outcomes.push(unknown('rest of the page', 'only the first 512 KiB of the page were read'));
      return outcomesOr(outcomes, pass('no script or style comes from a third party'));
    });
  },
  examples: [
    {
      name: 'pinned',
      facts: page(`<script src="https://cdn.other.net/a.js" integrity="${HASH}" crossorigin="anonymous"></script>`),
      status: 'pass',
    },
    {
      name: 'not pinned',
      facts: page('<script src="https://cdn.other.net/a.js"></script>'),
      status: 'fail',
      subjects: ['https://cdn.other.net/a.js'],
    },
    {
      name: 'own files and subdomains',
      facts: page('<script src="/a.js"></script><script src="//static.shop.example/b.js"></script>'),
      status: 'pass',
    },
    {
      name: 'a style sheet',
      facts: page('<LINK REL="preload StyleSheet" HREF=//cdn.other.net/a.css>'),
      status: 'fail',
      subjects: ['https://cdn.other.net/a.css'],
    },
    {
      name: 'a link that loads nothing',
      facts: page('<link rel=canonical href="https://cdn.other.net/">'),
      status: 'pass',
    },
    {
      name: 'a hash that is cut short pins nothing',
      facts: page(`<script src="https://cdn.other.net/a.js" integrity="${HASH.slice(0, 40)}" crossorigin></script>`),
      status: 'fail',
    },
    {
      name: 'an unknown algorithm pins nothing',
      facts: page('<script src="https://cdn.other.net/a.js" integrity="md5-abc" crossorigin></script>'),
      status: 'fail',
    },
    {
      name: 'without crossorigin the file is not loaded at all',
      facts: page(`<script src="https://cdn.other.net/a.js" integrity="${HASH}"></script>`),
      status: 'fail',
      severity: 'low',
    },
    {
      name: 'a base element moves relative addresses',
      facts: page('<base href="https://cdn.other.net/"><script src="a.js"></script>'),
      status: 'fail',
    },
    {
      name: 'in a comment or a string of script',
      facts: page(
        '<!-- <script src="https://cdn.other.net/a.js"></script> --><script>"<script src=https://x.net/b.js>"</script>',
      ),
      status: 'pass',
    },
    {
      name: 'entities in the address',
      facts: page('<script src="https&colon;//cdn.other.net/a.js?x=1&amp;y=2"></script>'),
      status: 'fail',
      subjects: ['https://cdn.other.net/a.js?x=1&y=2'],
    },
    { name: 'a page that was cut', facts: page('<p>', { bodyTruncated: true }), status: 'unknown' },
  ],
});

function isCode({ element }: Load): boolean {
  if (element.name === 'script') return true;
  return element.name === 'link' && /(^|\s)(stylesheet|modulepreload)(\s|$)/i.test(element.attributes.get('rel') ?? '');
}

function judge({ element, url }: Load): Outcome {
  const integrity = element.attributes.get('integrity');
  const wanted = 'integrity="sha384-..." crossorigin="anonymous"';
  if (integrity === undefined || integrity.trim() === '')
    return fail(url.href, `${url.href} is loaded unpinned`, { wanted });
  const seen = `integrity="${integrity.slice(0, 200)}"`;
  if (!validIntegrity(integrity))
    return fail(url.href, `the integrity of ${url.href} holds no valid hash, so browsers do not check it`, {
      seen,
      wanted,
    });
  if (!element.attributes.has('crossorigin'))
    return fail(url.href, `${url.href} has integrity but no crossorigin, so browsers cannot check it and refuse it`, {
      seen,
      wanted,
      severity: 'low',
    });
  return pass(`${url.href} is pinned`, { subject: url.href, seen });
}
