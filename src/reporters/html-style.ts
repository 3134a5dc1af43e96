/** Colours pass WCAG AA in both schemes and are told apart without red and green; words and shapes say the same. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--dim:#57606a;--paper:#fff;--card:#f6f8fa;--edge:#d0d7de;--line:#0060a8;--limit:#b34700;--band:#d55e00;--bad:#a33c00;--good:#0b6b50}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9aa7b4;--paper:#0d1117;--card:#161b22;--edge:#30363d;--line:#6cb6ff;--limit:#ffa657;--band:#ff9e4a;--bad:#ffb27d;--good:#5bd6ad}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem;max-width:76rem;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.2rem;margin:2.5rem 0 .5rem;overflow-wrap:anywhere}h3{font-size:1rem;margin:1.5rem 0 .5rem}
p{margin:.25rem 0}code,td,th{font-variant-numeric:tabular-nums}
.dim{color:var(--dim)}.alert,.error,.warning,.no-data{color:var(--bad)}.ok{color:var(--good)}
.diagnosis{margin:.75rem 0;padding:.5rem .75rem;border-left:4px solid var(--edge);background:var(--card);overflow-wrap:anywhere}.diagnosis ul{margin:.25rem 0}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(21rem,1fr));gap:1rem}
figure{margin:0;padding:.75rem;background:var(--card);border:1px solid var(--edge);border-radius:6px}
figcaption{font-size:.85rem}figcaption b{font-size:.95rem}figcaption output{display:block;min-height:1.5em}
svg{display:block;width:100%;height:auto}svg:focus-visible,.scroll:focus-visible,button:focus-visible,input:focus-visible{outline:2px solid var(--line);outline-offset:2px}
.line{stroke:var(--line)}.limit{stroke:var(--limit)}.baseline{stroke:var(--dim)}.band{fill:var(--band)}.mark{fill:var(--bad)}.mark.warn{fill:none;stroke:var(--bad)}.cursor{stroke:var(--ink)}
.scroll{overflow:auto;max-height:32rem;border:1px solid var(--edge);border-radius:6px}
table{border-collapse:collapse;font-size:.85rem}th,td{padding:.2rem .6rem;text-align:right;border-bottom:1px solid var(--edge);white-space:nowrap}
td.text,th.text{text-align:left;white-space:normal;overflow-wrap:anywhere}thead th{position:sticky;top:0;background:var(--card)}caption{text-align:left;padding:.3rem .6rem;color:var(--dim)}
thead button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-decoration:underline dotted}
.controls{display:flex;gap:1rem;flex-wrap:wrap;margin:1rem 0}.controls input[type=search]{font:inherit;padding:.2rem .5rem;color:inherit;background:var(--card);border:1px solid var(--dim);border-radius:4px}
b{font-weight:600}td b{color:var(--bad)}
@media print{body{max-width:none;padding:0}.scroll{max-height:none;overflow:visible;border:0}.controls{display:none}figure{break-inside:avoid}details{display:block}:root{--ink:#000;--dim:#444;--paper:#fff;--card:#fff;--edge:#999;--line:#0060a8;--limit:#b34700;--bad:#a33c00;--good:#0b6b50}}
`;
