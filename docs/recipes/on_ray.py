"""Measure a run on Ray and gate it once: python on_ray.py RUN LAST_STEP WINDOW [flags of gate]."""

import ray
import shards
from shards import arguments, gate, measure, windows

run, last, size, flags = arguments()
ray.init()
# Its workers need not have these files.
ray.cloudpickle.register_pickle_by_value(shards)
task = ray.remote(num_cpus=1)(measure)
records = ray.get([task.remote(run, steps) for steps in windows(last, size)])
raise SystemExit(gate(records, *flags))
