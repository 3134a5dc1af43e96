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
if [ -n "${COLLAPSE_BIN:-}" ]; then
  node "$COLLAPSE_BIN" check "${words[@]}"
else
  npx --yes --package "embedding-collapse@${INPUT_VERSION:-latest}" collapse check "${words[@]}"
fi
code=$?
[ -n "${GITHUB_OUTPUT:-}" ] && echo "exit-code=$code" >> "$GITHUB_OUTPUT"
exit "$code"
