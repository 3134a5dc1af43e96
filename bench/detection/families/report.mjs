// Judges what is kept in data/ and writes the tables of docs/detection.md and of RESULTS.md:
// `npm run bench:detection`. Nothing is trained or measured; keep.mjs does that.
import { writeFileSync } from 'node:fs';
import { leaveOut } from './leave-out.mjs';
import { nearest } from './nearest.mjs';
import { referenceBounds } from './reference-bounds.mjs';
import { DATA, judged, loadRuns } from './runs.mjs';
import { splice } from './splice.mjs';
import { census, comparison, families, tables, wrong } from './tables.mjs';

const PAGE = 'docs/detection.md';
const BIN = 'bin/collapse.js';
const PRESETS = ['default', 'jepa', 'rfc-0005'];

const runs = loadRuns(DATA, { bin: BIN });
const judgedBy = (preset) => judged(runs, preset, BIN);
const outcomes = new Map(PRESETS.map((preset) => [preset, judgedBy(preset)]));
const late = runs.map((run) => ({ ...run, records: run.records.filter(({ step }) => step !== 0) }));
const isSeen = ({ label }) => !['aside', 'afterwards', 'fresh'].includes(label.split);
const ofDefault = outcomes.get('default');

splice(PAGE, 'census', census(runs.map(({ label }) => label)));
splice(
  PAGE,
  'presets',
  comparison([...outcomes, ['default, step 0 not saved', judged(late, 'default', BIN)]]),
);
const isFresh = ({ label }) => label.split === 'fresh';
splice(PAGE, 'families', families(ofDefault.filter((o) => !isFresh(o))));
splice(PAGE, 'fresh', families(ofDefault.filter(isFresh)));
splice(PAGE, 'wrong', wrong(ofDefault.filter(isSeen).filter(({ label }) => !label.edge)));
splice(PAGE, 'nearest', await nearest(runs, ofDefault));
splice(PAGE, 'reference bounds', referenceBounds(runs));
const tried = runs.filter(isSeen);
splice(
  PAGE,
  'leave one family out',
  await leaveOut(tried, ({ label }) => label.family, 'family', { showsBounds: true }),
);
splice(
  PAGE,
  'leave one mode out',
  await leaveOut(tried, ({ label }) => label.mode, 'mode', { showsBounds: false }),
);
writeFileSync(
  'bench/detection/families/RESULTS.md',
  `# Every run that a preset gets wrong\n\nMade by \`npm run bench:detection\`. The families aside are in [docs/detection.md](../../../docs/detection.md), as figures and beside their nearest neighbours.\n\n${PRESETS.map((preset) => `## ${preset}\n\n${tables(outcomes.get(preset).filter(isSeen))}\n`).join('\n')}`,
);
