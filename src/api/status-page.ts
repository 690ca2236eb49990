import { html } from 'hono/html';
import type { Good } from './last-good.ts';
import type { StatusData, StatusLine } from './status-data.ts';

const DAY = 86_400_000;
const STALE_MS = 90_000;
const MARK = { up: '● up', down: '▼ down', unknown: '? unknown' } as const;

export const percent = (share: number | null) =>
  share === null ? 'no data' : `${(Math.floor(share * 100_000) / 1_000).toFixed(3)} %`;

/** The one sentence on top. */
export function summaryOf({ lines }: StatusData): string {
  const count = (state: StatusLine['state']) => lines.filter((one) => one.state === state).length;
  if (lines.length === 0) return 'Nothing is published here.';
  if (count('down') > 0) return `${count('down')} of ${lines.length} down`;
  if (count('unknown') > 0) return `${count('unknown')} of ${lines.length} unknown`;
  return 'Everything works';
}

/** The page without script; a copy that could not be renewed says how old it is. */
export function statusBody({ value, at }: Good<StatusData>, now: number) {
  const age = Math.round((now - at) / 60_000);
  return html`<h1>${summaryOf(value)}</h1>
    ${
      now - at > STALE_MS
        ? html`<p class="down" role="alert">This copy is ${age} min old: the monitoring itself has trouble now.</p>`
        : ''
    }
    ${
      value.lines.length === 0
        ? html`<p class="soft">Name targets under <code>publish: { status: [...] }</code> in the configuration.</p>`
        : value.lines.map((line) => lineOf(line, at))
    }
    <h2>Incidents of 90 days</h2>
    ${
      value.incidents.length === 0
        ? html`<p class="soft">None.</p>`
        : html`<ul>${value.incidents.map(
            (one) =>
              html`<li><b>${one.name}</b> was down from ${minute(one.openedAt)} ${
                one.resolvedAt === null ? 'and still is' : html`to ${minute(one.resolvedAt)}`
              }</li>`,
          )}</ul>`
    }
    <p class="soft">As of ${new Date(at).toISOString()} · <a href="/status/feed.atom">feed</a></p>`;
}

function lineOf(line: StatusLine, at: number) {
  const today = Math.floor(at / DAY) * DAY;
  return html`<section><h2>${line.name} <span class="${line.state}">${MARK[line.state]}</span></h2>
    <svg viewBox="0 0 ${line.days.length * 4} 24" width="100%" height="28" preserveAspectRatio="none" role="img" aria-label="${
      line.name
    }: ${percent(line.uptime)} up in 90 days">${line.days.map((share, index) => {
      const day = new Date(today - (line.days.length - 1 - index) * DAY).toISOString().slice(0, 10);
      const kind = share === null ? 'none' : share === 1 ? 'up' : share >= 0.99 ? 'unknown' : 'down';
      return html`<rect class="bar-${kind}" x="${index * 4}" width="3" height="24"><title>${day}: ${percent(share)}</title></rect>`;
    })}</svg>
    <p class="soft">${percent(line.uptime)} in 90 days${line.since === null ? '' : ` · ${line.state} since ${minute(line.since)}`}</p></section>`;
}

function minute(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}
