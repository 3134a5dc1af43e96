import { Option } from 'commander';
import { COMMANDS, type CommandName } from './commands.js';
import { flagsOf } from './flags.js';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

interface CompletedFlag {
  readonly short: string | undefined;
  readonly long: string;
  readonly summary: string;
  readonly takesValue: boolean;
  /** Words the value may be; empty where it is anything, such as a file. */
  readonly choices: readonly string[];
}

interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly CompletedFlag[];
  /** What its arguments may be; empty where they are files. */
  readonly words: readonly string[];
}

/** Writes the completion script of a shell, from the same tables as --help. */
/** @param topics What `collapse explain` knows. */
export function completionScript(shell: Shell, topics: readonly string[]): string {
  const names = COMMANDS.map(({ name }) => name);
  const words: Partial<Record<CommandName | 'help', readonly string[]>> = {
    completion: SHELLS,
    explain: topics,
    help: names,
  };
  const completed: CompletedCommand[] = [
    ...COMMANDS,
    { name: 'help', summary: 'print the help of a command' } as const,
  ].map(({ name, summary }) => ({
    name,
    summary,
    flags: name === 'help' ? [] : completedFlags(name),
    words: words[name] ?? [],
  }));
  return { bash, zsh, fish }[shell](completed);
}

function completedFlags(command: CommandName): CompletedFlag[] {
  const own = flagsOf(command).map(([, flag]): CompletedFlag => {
    const option = new Option(flag.syntax);
    const choices = flag.parse.choices ?? flag.completes ?? [];
    return {
      short: option.short,
      long: option.long ?? flag.syntax,
      summary: flag.summary,
      takesValue: flag.syntax.includes('<'),
      choices,
    };
  });
  return [
    ...own,
    { short: '-h', long: '--help', summary: 'print this help', takesValue: false, choices: [] },
  ];
}

function namesOf({ short, long }: CompletedFlag): string[] {
  return short === undefined ? [long] : [short, long];
}

function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(({ name, flags, words }) => {
    const values = flags
      .filter(({ takesValue }) => takesValue)
      .map((flag) => `      ${namesOf(flag).join('|')}) words='${flag.choices.join(' ')}'; flag=1 ;;\n`);
    const arms = values.length === 0 ? '' : `    case "$previous" in\n${values.join('')}    esac\n`;
    const own = words.length === 0 ? '' : `    arguments='${words.join(' ')}'\n`;
    return `  ${name})\n    words='${flags.flatMap(namesOf).join(' ')}'\n${own}${arms}    ;;\n`;
  });
  return `# bash completion for collapse
_collapse() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words='' arguments='' flag=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${[...commands.map(({ name }) => name), '--help', '--version'].join(' ')}' -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('')}  esac
  # Files, unless a flag or one of its words is being written.
  if [ -n "$flag" ] || [ "\${current#-}" != "$current" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  elif [ -n "$arguments" ]; then
    COMPREPLY=($(compgen -W "$arguments" -- "$current"))
  fi
}
complete -o default -F _collapse collapse embedding-collapse
`;
}

function zsh(commands: readonly CompletedCommand[]): string {
  const described = commands.map(({ name, summary }) => `    ${zshWord(`${name}:${summary}`)}`).join('\n');
  const cases = commands.map(({ name, flags, words }) => {
    const specs = flags.flatMap((flag) =>
      namesOf(flag).map((text) => {
        const value = flag.takesValue
          ? `:value:${flag.choices.length > 0 ? `(${flag.choices.join(' ')})` : '_files'}`
          : '';
        return `      ${zshWord(`*${text}[${flag.summary.replace(/[[\]:\\]/g, '\\$&')}]${value}`)}`;
      }),
    );
    const rest = words.length > 0 ? `'*:word:(${words.join(' ')})'` : "'*:path:_files'";
    return `    ${name})\n      _arguments \\\n${specs.map((spec) => `  ${spec} \\\n`).join('')}        ${rest}\n      ;;\n`;
  });
  return `#compdef collapse embedding-collapse
_collapse() {
  local -a commands
  commands=(
${described}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('')}  esac
}
if [[ $funcstack[1] == _collapse ]]; then
  _collapse "$@"
else
  compdef _collapse collapse embedding-collapse
fi
`;
}

function zshWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function fish(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, summary, flags, words }) => [
    `complete -c collapse -n __fish_use_subcommand -f -a ${name} -d ${fishWord(summary)}`,
    ...(words.length > 0
      ? [`complete -c collapse -n '__fish_seen_subcommand_from ${name}' -f -a '${words.join(' ')}'`]
      : []),
    ...flags.map((flag) => {
      const short = flag.short === undefined ? '' : ` -s ${flag.short.slice(1)}`;
      const value =
        flag.choices.length > 0 ? ` -x -a '${flag.choices.join(' ')}'` : flag.takesValue ? ' -r' : '';
      return `complete -c collapse -n '__fish_seen_subcommand_from ${name}'${short} -l ${flag.long.slice(2)}${value} -d ${fishWord(flag.summary)}`;
    }),
  ]);
  return `# fish completion for collapse\n${lines.join('\n')}\n`;
}

function fishWord(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
