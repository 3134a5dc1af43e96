import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ESTree, parseSync } from 'rolldown/utils';

type Declaration = ESTree.Declaration;

interface Source {
  readonly text: string;
  readonly body: readonly (ESTree.Directive | ESTree.Statement)[];
  readonly comments: readonly { readonly type: string; readonly value: string; start: number; end: number }[];
}

interface Export {
  readonly name: string;
  readonly file: string;
}

/** The headings, in order, and the room of src whose exports stand below each. */
const SECTIONS: readonly (readonly [heading: string, room: string])[] = [
  ['Steps and verdicts', 'src/library'],
  ["The reference's module", 'src/monitor'],
  ['Metrics', 'src/metrics'],
  ['Embeddings and batches', 'src/numerics'],
  ['Rules', 'src/rules'],
  ['References', 'src/normal'],
  ['Reports', 'src/report'],
  ['Errors', 'src/errors.ts'],
];

/** Returns docs/api.md: every export of the library with its declaration and docstring, as they stand in the sources. */
export function apiPage(): string {
  const index = sourceOf('src/index.ts');
  const exports = exportsOf(index);
  const left = exports.filter(({ file }) => !SECTIONS.some(([, room]) => file.startsWith(room)));
  if (left.length > 0) throw new Error(`docs/api.md has no section for ${left[0]!.file}`);
  const sections = SECTIONS.map(([heading, room]) => {
    const entries = exports.filter(({ file }) => file.startsWith(room)).map(entryOf);
    return entries.length === 0 ? '' : `## ${heading}\n\n${entries.join('\n')}`;
  });
  const [intro] = index.comments;
  return [
    '# API of the library\n\n<!-- Made by `npm run generate` from the docstrings of what src/index.ts exports. -->\n',
    `${prose(intro!.value)}\n\n[library.md](library.md) is the way in.\n`,
    ...sections.filter((section) => section !== ''),
  ].join('\n');
}

const sources = new Map<string, Source>();

function sourceOf(file: string): Source {
  const known = sources.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, 'utf8');
  const { program, comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const source = { text, body: program.body, comments };
  sources.set(file, source);
  return source;
}

function exportsOf({ body }: Source): Export[] {
  return body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration' || statement.source === null) return [];
    const file = fileOf('src/index.ts', statement.source.value);
    return statement.specifiers.map(({ local }) => ({ name: nameOf(local), file }));
  });
}

function fileOf(importer: string, specifier: string): string {
  const path = specifier.startsWith('#') ? `src/${specifier.slice(1)}` : join(dirname(importer), specifier);
  return path.replace(/\.js$/, '.ts');
}

/** An export with its docstring as text and its declaration as code. */
function entryOf({ name, file }: Export): string {
  const source = sourceOf(file);
  const found = source.body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration' || statement.declaration === null) return [];
    return namesOf(statement.declaration).includes(name)
      ? [{ statement, declaration: statement.declaration }]
      : [];
  });
  if (found.length === 0) throw new Error(`${file} declares no ${name}`);
  const docs = found.map(({ statement }) => docstringBefore(source, statement.start)).filter(Boolean);
  if (docs.length === 0) throw new Error(`${file}: ${name} is exported by the library and has no docstring`);
  // Of overloads the last has the body and is not for callers.
  const shown = found.length > 1 ? found.slice(0, -1) : found;
  const code = shown.map(({ declaration }) => signature(source, declaration)).join('\n');
  return `### ${name}\n\n${docs.map((doc) => `${prose(doc!)}\n\n`).join('')}\`\`\`ts\n${code}\n\`\`\`\n`;
}

function namesOf(declaration: Declaration): string[] {
  if (declaration.type === 'VariableDeclaration') {
    return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
  }
  return 'id' in declaration && declaration.id?.type === 'Identifier' ? [declaration.id.name] : [];
}

function nameOf(node: ESTree.ModuleExportName): string {
  return node.type === 'Literal' ? node.value : node.name;
}

function signature(source: Source, declaration: Declaration): string {
  const { start, end } = declaration;
  const text = (from: number, to: number) => source.text.slice(from, to).trimEnd();
  switch (declaration.type) {
    case 'FunctionDeclaration':
      return `${text(start, declaration.body?.start ?? end)};`;
    case 'ClassDeclaration':
      return classSignature(source, declaration);
    case 'VariableDeclaration': {
      const [{ id, init } = { id: null, init: null }] = declaration.declarations;
      const whole = text(start, end);
      // The type says what a long value is; without one the start of it does.
      if (whole.split('\n').length <= 12 || id === null || init === null) return whole;
      if (id.type === 'Identifier' && id.typeAnnotation) return `${text(start, id.end)};`;
      return `${whole.split('\n').slice(0, 10).join('\n')}\n  // …`;
    }
    default:
      return text(start, end);
  }
}

/** A class without bodies, private members and what it inherits. */
function classSignature(source: Source, declaration: ESTree.Class): string {
  const members = declaration.body.body.flatMap((member) => {
    const isHidden =
      !('key' in member) ||
      member.key.type === 'PrivateIdentifier' ||
      ('accessibility' in member && member.accessibility === 'private');
    if (isHidden) return [];
    const body = 'value' in member && member.value && 'body' in member.value ? member.value.body : null;
    const doc = commentBefore(source, member.start);
    const end = body?.start ?? ('value' in member && member.value ? member.value.start : member.end);
    const head = source.text
      .slice(member.start, end)
      .trimEnd()
      .replace(/\s*[=;]$/, '');
    const comment = doc === undefined ? '' : `${source.text.slice(doc.start, doc.end)}\n  `;
    return [`  ${comment}${head};`];
  });
  const head = source.text.slice(declaration.start, declaration.body.start).trimEnd();
  return `${head} {\n${members.join('\n')}\n}`;
}

function docstringBefore(source: Source, start: number): string | undefined {
  return commentBefore(source, start)?.value;
}

function commentBefore({ text, comments }: Source, start: number) {
  const near = comments.findLast(({ end }) => end <= start);
  if (!near?.value.startsWith('*')) return undefined;
  return text.slice(near.end, start).trim() === '' ? near : undefined;
}

/** The text of a docstring: tags become paragraphs, an example a block of code. */
function prose(docstring: string): string {
  const lines = docstring.split('\n').map((line) => line.replace(/^\s*\*? ?/, '').trimEnd());
  const [text = '', ...tags] = lines.join('\n').trim().split(/^@/m);
  const parts = tags.map((tag) => {
    const [, name = '', rest = ''] = /^(\w+)\s*([\s\S]*)$/.exec(tag.trim()) ?? [];
    if (name === 'example') return `\`\`\`ts\n${rest}\n\`\`\``;
    if (name === 'param') return rest.replace(/^(\w+)\s+/, '- `$1`: ');
    return `*${name}* ${rest}`;
  });
  return [text.trim(), ...parts].filter((part) => part !== '').join('\n\n');
}
