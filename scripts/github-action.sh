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

# For a version that is not published; a path to bin/collapse.js.
collapse() {
  if [ -n "${COLLAPSE_BIN:-}" ]; then
    node "$COLLAPSE_BIN" "$@"
  else
    npx --yes --package "embedding-collapse@${INPUT_VERSION:-latest}" collapse "$@"
  fi
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
