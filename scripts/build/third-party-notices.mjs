// The licences of what is bundled into dist/, as those licences ask.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `moduleIds` are the files the bundler put in. */
export function thirdPartyNotices(moduleIds) {
  const folders = new Set();
  for (const id of moduleIds) {
    const match = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(
      id.replaceAll('\\', '/').replace(/^\0/, ''),
    );
    if (match) folders.add(match[1]);
  }
  const sections = [...folders].map(noticeOf).sort((a, b) => a.title.localeCompare(b.title, 'en'));
  const body = sections.map(({ title, text }) => `## ${title}\n\n${text.trim()}\n`).join('\n');
  return `# Third-party notices\n\nThe executable bundles these packages.\n\n${body}`;
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file))
    : [];
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8'));
  return { title: `${name} ${version} (${license})`, text: texts.join('\n') || `Licence: ${license}` };
}
