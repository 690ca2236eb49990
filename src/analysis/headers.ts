import type { HttpAnswer, HttpFacts } from '../core/facts/http.ts';
import { notApplicable, type Outcomes, unknown } from '../core/outcome.ts';
import { related } from './site.ts';

/** Values of every line with that name, in order, trimmed; one entry per line as sent. */
export function linesOf(answer: Pick<HttpAnswer, 'headers'>, name: string): string[] {
  const wanted = name.toLowerCase();
  return answer.headers.filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value.trim());
}

/** Members of a comma-separated list header, over all its lines (RFC 9110 5.3), empty ones left out. */
export function membersOf(answer: Pick<HttpAnswer, 'headers'>, name: string): string[] {
  return linesOf(answer, name)
    .flatMap((line) => line.split(','))
    .map((member) => member.trim())
    .filter((member) => member !== '');
}

/**
 * Fetch 2.2.2, "get, decode, and split": the values of a header over all its lines, commas in quotes left alone. Empty
 * values stay, because for browsers they are values, too.
 */
export function valuesOf(answer: Pick<HttpAnswer, 'headers'>, name: string): string[] {
  const lines = linesOf(answer, name);
  if (lines.length === 0) return [];
  const text = lines.join(', ');
  const values: string[] = [];
  let start = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    if (quoted && text[index] === '\\') index += 1;
    else if (text[index] === '"') quoted = !quoted;
    else if (text[index] === ',' && !quoted) {
      values.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  return [...values, text.slice(start).trim()];
}

/** Essence of the Content-Type, lower case, without parameters; empty where there is none. */
export function mediaType(answer: Pick<HttpAnswer, 'headers'>): string {
  return (linesOf(answer, 'content-type').at(-1) ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** The document that a visitor ends at, and whether it came over https. */
export interface Page {
  answer: HttpAnswer;
  body: string;
  bodyTruncated: boolean;
  secure: boolean;
}

/** The page of the facts, or the outcome that every check of the page gives where there is none to judge. */
export function pageOf(http: HttpFacts): { page: Page } | { otherwise: Outcomes } {
  const [first] = http.hops;
  const answer = http.hops.at(-1);
  if (!first || !answer) return { otherwise: unknown('', 'no answer was recorded') };
  if (http.stopped) return { otherwise: unknown('', `no page was reached: ${http.stopped.error}`) };
  const [from, to] = [new URL(first.url).hostname, new URL(answer.url).hostname];
  if (!related(from, to))
    return { otherwise: notApplicable(`${first.url} only leads to ${to}, which is another site's page`) };
  if (answer.status >= 500)
    return { otherwise: unknown('', `the page answers ${answer.status}, so these are not its usual headers`) };
  const { body, bodyTruncated } = http;
  return { page: { answer, body, bodyTruncated, secure: answer.url.startsWith('https:') } };
}

/** Judges the page, where there is one. */
export function onPage(http: HttpFacts, judge: (page: Page) => Outcomes): Outcomes {
  const found = pageOf(http);
  return 'page' in found ? judge(found.page) : found.otherwise;
}

/** Types that a browser never treats as a document with script or frames. */
const DATA_TYPE =
  /^(application\/(json|[\w.-]+\+json|octet-stream|pdf|zip|grpc[\w+-]*)|(image\/(?!svg)|audio|video|font)[\w./+-]*)$/;

/** As `onPage`, but only for answers that a browser may show as a document. */
export function onDocument(http: HttpFacts, judge: (page: Page) => Outcomes): Outcomes {
  return onPage(http, (page) => {
    const type = mediaType(page.answer);
    if (DATA_TYPE.test(type))
      return notApplicable(`the page is ${type}, which browsers do not run or frame as a document`);
    return judge(page);
  });
}

/** Every answer of the site's own hosts that was recorded, the way there and the side answers; foreign hops left out. */
export function ownAnswers(http: HttpFacts): HttpAnswer[] {
  const [first] = http.hops;
  if (!first) return [];
  const host = new URL(first.url).hostname;
  const side = [http.robots, http.missing, http.preflight, http.securityTxt].filter((exchange) => 'status' in exchange);
  const seen = new Set<HttpAnswer>();
  return [...http.hops, ...http.plain.hops, ...side].filter((answer) => {
    if (seen.has(answer) || !related(host, new URL(answer.url).hostname)) return false;
    seen.add(answer);
    return true;
  });
}
