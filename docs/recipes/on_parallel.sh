#!/bin/sh
# Measure a run with GNU parallel and gate it once: on_parallel.sh RUN LAST_STEP WINDOW [flags of gate].
run=$1 last=$2 size=$3
shift 3
# --group, the default, keeps the lines of different jobs apart. A window without a step exits 4, and its record says so.
records=$(mktemp)
trap 'rm -f "$records"' EXIT
seq 0 "$size" "$last" |
  parallel -j 4 --group "collapse measure '$run' --steps {}..\$(({} + $size - 1))" > "$records"
collapse gate "$records" "$@"
