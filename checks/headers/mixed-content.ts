import { elementsOf, loadsOf } from '../../src/analysis/elements.ts';
import { onDocument } from '../../src/analysis/headers.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { pagePolicies } from '../../src/analysis/page-policy.ts';
import { exampleHop, exampleHttp } from '../../src/core/facts/examples.ts';
import { fail, notApplicable, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

const page = (body: string, headers = {}) => ({ http: exampleHttp(headers, { body }) });

export default defineHttpCheck({
  id: 'headers.mixed-content',
  title: 'The page loads and sends nothing over plain HTTP',
  category: 'headers',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'Script and frames over plain HTTP are blocked, so the page is broken; images are upgraded or shown changed by anybody on the way; forms are sent in the clear.',
  remediation: 'Change the addresses to https:, or send Content-Security-Policy: upgrade-insecure-requests.',
  references: ['https://www.w3.org/TR/mixed-content/', 'https://www.w3.org/TR/upgrade-insecure-requests/'],
  evaluate({ http }) {
    return onDocument(http, ({ answer, secure, bodyTruncated }) => {
      if (!secure) return notApplicable('the page itself is served over plain HTTP');
      const upgraded = pagePolicies(http).some((policy) => policy.directives.has('upgrade-insecure-requests'));
      const elements = elementsOf(http);
      const outcomes = new Map<string, Outcome>();
      for (const { url, kind, element } of loadsOf(elements, answer.url)) {
        if (url.protocol !== 'http:' || upgraded || loopback(url)) continue;
        const severity = kind === 'active' ? 'medium' : 'low';
        outcomes.set(
          url.href,
          fail(url.href, `${element.name} loads ${url.href} over plain HTTP`, {
            severity,
            wanted: url.href.replace('http:', 'https:'),
          }),
        );
      }
      for (const { name, attributes } of elements) {
        const action = attributes.get(name === 'form' ? 'action' : 'formaction');
        if (action === undefined || !URL.canParse(action, answer.url)) continue;
        const url = new URL(action, answer.url);
        if (url.protocol === 'http:' && !upgraded && !loopback(url))
          outcomes.set(
            `form ${url.href}`,
            fail(url.href, `a form is sent to ${url.href} over plain HTTP`, {
              wanted: url.href.replace('http:', 'https:'),
            }),
          );
      }
      const all = [...outcomes.values()];
      if (bodyTruncated && !upgraded)
        all.push(unknown('rest of the page', 'only the first 512 KiB of the page were read'));
      return outcomesOr(
        all,
        pass(upgraded ? 'everything is upgraded to HTTPS' : 'nothing is loaded or sent over plain HTTP'),
      );
    });
  },
  examples: [
    {
      name: 'https and relative addresses',
      facts: page('<img src="https://a.example/x.png"><script src="//a.example/y.js"></script>'),
      status: 'pass',
    },
    {
      name: 'a script over plain HTTP',
      facts: page('<script src="http://a.example/x.js"></script>'),
      status: 'fail',
      severity: 'medium',
    },
    {
      name: 'an image over plain HTTP',
      facts: page('<img src=http://a.example/x.png>'),
      status: 'fail',
      severity: 'low',
    },
    {
      name: 'one image of a srcset',
      facts: page('<img srcset="/a.png 1x, http://a.example/b.png 2x">'),
      status: 'fail',
      subjects: ['http://a.example/b.png'],
    },
    { name: 'a form', facts: page('<form action="http://a.example/login">'), status: 'fail', severity: 'medium' },
    {
      name: 'a button with its own address',
      facts: page('<button formaction="http://a.example/login">'),
      status: 'fail',
    },
    {
      name: 'a link to follow is not loaded',
      facts: page('<a href="http://a.example/">x</a><link rel=alternate href="http://a.example/feed">'),
      status: 'pass',
    },
    {
      name: 'upgraded by policy',
      facts: page('<img src=http://a.example/x.png>', { 'Content-Security-Policy': 'upgrade-insecure-requests' }),
      status: 'pass',
    },
    {
      name: 'inert in a template',
      facts: page('<template><img src=http://a.example/x.png></template>'),
      status: 'pass',
    },
    {
      name: 'an image of a style element',
      facts: page('<style>/* url(http://c.example/) */ a { background: url( "http://a.example/b.png" ) }</style>'),
      status: 'fail',
      subjects: ['http://a.example/b.png'],
      severity: 'low',
    },
    {
      name: 'a sheet that a style element imports',
      facts: page('<style>@import "http://a.example/a.css" screen;</style>'),
      status: 'fail',
      subjects: ['http://a.example/a.css'],
      severity: 'medium',
    },
    {
      name: 'an image of a style attribute',
      facts: page("<p style='background:url(http&colon;//a.example/b.png)'>"),
      status: 'fail',
      subjects: ['http://a.example/b.png'],
    },
    {
      name: 'an address in a comment or a string of style loads nothing',
      facts: page(
        `<style>/* @import "http://a.example/a"; */ @namespace url(http://www.w3.org/1999/xhtml); a::after { content: "url(http://a.example/b)" }</style>`,
      ),
      status: 'pass',
    },
    {
      name: 'a base element makes it plain',
      facts: page('<base href="http://shop.example/"><img src=x.png>'),
      status: 'fail',
    },
    {
      name: 'a page over plain HTTP',
      facts: { http: exampleHttp({}, { hops: [exampleHop('http://shop.example/', 200)] }) },
      status: 'not-applicable',
    },
  ],
});

/** Browsers count loopback as trustworthy (Secure Contexts 3.1). */
function loopback(url: URL): boolean {
  return /^(127(\.\d+){3}|\[::1\]|localhost|.*\.localhost)$/.test(url.hostname);
}
