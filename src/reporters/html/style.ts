/** Colours pass WCAG AA in both schemes and are told apart without red and green; words and shapes say the same. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--dim:#57606a;--paper:#fff;--card:#f6f8fa;--edge:#d0d7de;--line:#0060a8;--limit:#b34700;--band:#d55e00;--bad:#a33c00;--good:#0b6b50}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9aa7b4;--paper:#0d1117;--card:#161b22;--edge:#30363d;--line:#6cb6ff;--limit:#ffa657;--band:#ff9e4a;--bad:#ffb27d;--good:#5bd6ad}}
*{box-sizing:border-box}html{scroll-padding-top:5rem}main{margin-top:1rem}
body{margin:0 auto;padding:1.5rem;max-width:76rem;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem;overflow-wrap:anywhere}h2{font-size:1.25rem;margin:2.5rem 0 .5rem;overflow-wrap:anywhere}header+main>section:first-child h2{margin-top:1.5rem}h3{font-size:1.05rem;margin:2rem 0 .5rem}
p{margin:.25rem 0;overflow-wrap:anywhere}ul{margin:.5rem 0;padding-left:1.4rem}li{overflow-wrap:anywhere}code,td,th{font-variant-numeric:tabular-nums}a{color:var(--line)}
.dim{color:var(--dim)}.alert,.error,.warning,.no-data{color:var(--bad)}.ok{color:var(--good)}
.diagnosis{margin:.75rem 0;padding:.6rem .9rem;border-left:4px solid var(--bad);background:var(--card);overflow-wrap:anywhere}.diagnosis:has(b.ok){border-color:var(--good)}.diagnosis:has(b.dim){border-color:var(--edge)}.diagnosis p{font-size:1.05rem}.diagnosis ul{margin:.25rem 0}
.legend{color:var(--dim);font-size:.85rem;margin:.25rem 0 .75rem}.key{white-space:nowrap;margin-right:1rem}.key svg{display:inline-block;width:28px;vertical-align:-1px}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(21rem,100%),1fr));gap:1rem}
figure{margin:0;padding:.75rem;background:var(--card);border:1px solid var(--edge);border-radius:6px;display:flex;flex-direction:column;justify-content:space-between}figure[hidden]{display:none}
figcaption{font-size:.85rem;margin-bottom:.4rem;overflow-wrap:anywhere}figcaption b{font-size:.95rem}figcaption .value{font-size:1.1rem;font-variant-numeric:tabular-nums}figcaption output{display:block;min-height:1.5em;font-variant-numeric:tabular-nums}
.pill{float:right;font-size:.75rem;font-weight:600;padding:0 .45rem;border:1px solid currentColor;border-radius:1rem}
svg{display:block;width:100%;height:auto;overflow:visible}svg text{font-variant-numeric:tabular-nums;fill:var(--dim)}svg:focus-visible,.scroll:focus-visible,button:focus-visible,input:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--line);outline-offset:2px}
.line{stroke:var(--line)}.target{stroke:var(--good)}.limit{stroke:var(--limit)}.baseline{stroke:var(--dim)}.axis{stroke:var(--edge)}.band{fill:var(--band)}.mark{fill:var(--bad)}.mark.warn{fill:none;stroke:var(--bad)}.cursor{stroke:var(--ink)}
details{margin:1rem 0}summary{cursor:pointer;margin-bottom:.75rem}
.scroll{overflow:auto;max-height:32rem;border:1px solid var(--edge);border-radius:6px}
table{border-collapse:separate;border-spacing:0;font-size:.85rem}th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid var(--edge);white-space:nowrap}tbody tr:last-child>*{border-bottom:0}
table.failed,table.runs{width:100%}td.text,th.text{text-align:left}.failed td:last-child,.runs td:first-child,.runs td:last-child{white-space:normal;overflow-wrap:anywhere;min-width:14rem}.runs td{vertical-align:top}
thead th{position:sticky;top:0;background:var(--card);z-index:1}tbody th{position:sticky;left:0;background:var(--paper)}caption{text-align:left;padding:.3rem .6rem;color:var(--dim)}
thead button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-decoration:underline dotted}th[aria-sort=ascending] button::after{content:" ▲"}th[aria-sort=descending] button::after{content:" ▼"}
.controls{position:sticky;top:0;z-index:3;display:flex;align-items:center;gap:.5rem 1rem;flex-wrap:wrap;margin:1rem 0 0;padding:.5rem 0;background:var(--paper);border-bottom:1px solid var(--edge)}.controls input[type=search]{font:inherit;padding:.2rem .5rem;color:inherit;background:var(--card);border:1px solid var(--dim);border-radius:4px}
b{font-weight:600}td b{color:var(--bad)}
@media print{:root{color-scheme:light;--ink:#000;--dim:#444;--paper:#fff;--card:#fff;--edge:#999;--line:#0060a8;--limit:#b34700;--band:#d55e00;--bad:#a33c00;--good:#0b6b50}@page{margin:14mm}body{max-width:none;padding:0;font-size:12px}.scroll{max-height:none;overflow:visible;border:0}.controls,figcaption output,.cursor{display:none}.charts{grid-template-columns:1fr 1fr}figure,.diagnosis,tr{break-inside:avoid}h2,h3,.legend{break-after:avoid}thead{display:table-header-group}thead th,tbody th{position:static}table.steps{font-size:7px;width:100%}.steps th,.steps td{padding:1px 3px;white-space:normal;overflow-wrap:anywhere}.steps tbody th,.steps tbody td{white-space:nowrap}}
`;
