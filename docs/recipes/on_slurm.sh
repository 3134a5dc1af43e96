#!/bin/sh
# Measure a run as an array of Slurm jobs and gate it once: on_slurm.sh RUN LAST_STEP WINDOW [flags of gate].
# Prints the id of the gate's job, whose exit code is the verdict: sacct -j ID -o ExitCode.
run=$1 last=$2 size=$3
shift 3
array=$(sbatch --parsable --array="0-$((last / size))" --wrap "
  from=\$((SLURM_ARRAY_TASK_ID * $size))
  collapse measure '$run' --steps \$from..\$((from + $size - 1)) > records.\$SLURM_ARRAY_TASK_ID.ndjson")
# afterany: a window without a step exits 4, and one with an unreadable step 3; gate judges what all of them say.
sbatch --parsable --dependency="afterany:$array" --wrap "collapse gate records.*.ndjson $*"
