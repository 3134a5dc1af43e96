#!/usr/bin/env bash
# What action.yml runs. Inputs come as INPUT_* and are passed on as whole words, never as shell text.
set -uo pipefail

lines() {
  while IFS= read -r line || [ -n "$line" ]; do
    [ -n "$line" ] && words+=("$line")
  done <<< "$1"
}

words=()
lines "${INPUT_ARGS:-}"
[ -n "${INPUT_SARIF:-}" ] && words+=(-o "sarif=$INPUT_SARIF")
[ -n "${INPUT_REPORT:-}" ] && words+=(--spectrum --projection -o "html=$INPUT_REPORT")
[ "${INPUT_ANNOTATIONS:-true}" = true ] && words+=(-o github)
words+=(--)
lines "${INPUT_PATHS:-}"

# What installs writes to stderr: stdout is the report's.
failed() {
  echo "::error::embedding-collapse cannot be installed from ${INPUT_INSTALL:-npm}" >&2
  exit 70
}

version=${INPUT_VERSION:-latest}
case "${INPUT_INSTALL:-npm}" in
  npm)
    program=(npx --yes --package "${INPUT_PACKAGE:-embedding-collapse@$version}" collapse)
    ;;
  pip)
    pinned=embedding-collapse
    [ "$version" = latest ] || pinned="embedding-collapse==$version"
    venv=$(mktemp -d "${RUNNER_TEMP:-/tmp}/collapse-XXXXXX")
    python3 -m venv "$venv" >&2 && "$venv/bin/python" -m pip install --quiet "${INPUT_PACKAGE:-$pinned}" >&2 || failed
    program=("$venv/bin/collapse")
    ;;
  source)
    (cd "${GITHUB_ACTION_PATH:?}" && npm ci --ignore-scripts && npm run build) >&2 || failed
    program=(node "$GITHUB_ACTION_PATH/bin/collapse.js")
    ;;
  *)
    echo "::error::install takes npm, pip or source, not ${INPUT_INSTALL}" >&2
    exit 2
    ;;
esac
# A path to bin/collapse.js, for the tests.
[ -n "${COLLAPSE_BIN:-}" ] && program=(node "$COLLAPSE_BIN")

collapse() {
  "${program[@]}" "$@"
}

collapse check "${words[@]}"
code=$?

# The comparison goes to the job summary beside the verdict; the graver of the two codes is the step's.
if [ -n "${INPUT_BASELINE:-}" ]; then
  words=()
  lines "${INPUT_DIFF_ARGS:-}"
  words+=(-- "$INPUT_BASELINE")
  lines "${INPUT_PATHS:-}"
  collapse diff "${words[@]}"
  compared=$?
  for each in 70 2 3 4 1; do
    if [ "$code" = "$each" ] || [ "$compared" = "$each" ]; then
      code=$each
      break
    fi
  done
fi
[ -n "${GITHUB_OUTPUT:-}" ] && echo "exit-code=$code" >> "$GITHUB_OUTPUT"
exit "$code"
