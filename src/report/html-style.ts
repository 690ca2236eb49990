/** The style sheet of the HTML report. Its hash stands in the report's policy, so nothing else can style the page. */
export const HTML_STYLE = `
:root { color-scheme: light dark; --fg: #1b1e23; --soft: #5b6067; --bg: #fff; --panel: #f5f6f7; --line: #d9dce0;
  --bad: #b3261e; --warn: #8a5300; --low: #0b57a4; --good: #1d6b2a; }
@media (prefers-color-scheme: dark) { :root { --fg: #e7e9ec; --soft: #a3a9b1; --bg: #15171a; --panel: #1e2125;
  --line: #363b41; --bad: #ff8a80; --warn: #f3bd5c; --low: #8ab8ff; --good: #7fd38c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 4rem; color: var(--fg); background: var(--bg);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.3rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 0; overflow-wrap: anywhere; }
h3 { font-size: .95rem; margin: 1.5rem 0 .4rem; }
p { margin: .2rem 0; } .soft { color: var(--soft); } a { color: var(--low); }
section { border-top: 2px solid var(--line); margin-top: 2rem; padding-top: 1rem; }
.head { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: baseline; justify-content: space-between; }
.grade { font-size: 1.6rem; font-weight: 700; font-variant-numeric: tabular-nums; white-space: nowrap; }
.a, .b { color: var(--good); } .c { color: var(--warn); } .d, .f { color: var(--bad); } .none { color: var(--soft); }
.categories { display: flex; flex-wrap: wrap; gap: .4rem; padding: 0; margin: .75rem 0; list-style: none; }
.categories li { border: 1px solid var(--line); border-radius: 4px; padding: .1rem .5rem; background: var(--panel); }
details { border: 1px solid var(--line); border-radius: 4px; margin: .3rem 0; background: var(--panel); }
summary { display: grid; grid-template-columns: 6.5rem 14rem 1fr; gap: .75rem; padding: .35rem .6rem; cursor: pointer; }
summary > * { overflow-wrap: anywhere; }
@media (max-width: 45rem) { summary { grid-template-columns: 1fr; gap: .1rem; } }
.critical, .high { color: var(--bad); font-weight: 600; } .medium { color: var(--warn); font-weight: 600; }
.low, .info { color: var(--low); }
dl { display: grid; grid-template-columns: 6.5rem 1fr; gap: .25rem .75rem; margin: 0; padding: .25rem .6rem .6rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
code, pre { font: 13px/1.45 ui-monospace, monospace; } dd code { white-space: pre-wrap; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 400; } tbody th { white-space: nowrap; } td code { overflow-wrap: anywhere; }
@media print { details > * { display: block; } body { max-width: none; } }
`;
