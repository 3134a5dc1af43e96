/** Prints how a benchmark is run and ends, where --help was asked for. */
export function helpOf(usage) {
  if (!process.argv.includes('--help')) return;
  console.log(usage);
  process.exit();
}
