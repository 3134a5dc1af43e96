"""Measure a run on Dask and gate it once: python on_dask.py RUN LAST_STEP WINDOW [flags of gate].

`DASK_SCHEDULER_ADDRESS` names a cluster; without it one is started on this machine.
"""

from functools import partial

import shards
from dask.distributed import Client
from shards import arguments, gate, measure, windows

if __name__ == "__main__":
    run, last, size, flags = arguments()
    with Client() as client:
        client.upload_file(shards.__file__)
        records = client.gather(client.map(partial(measure, run), list(windows(last, size)), pure=False))
    raise SystemExit(gate(records, *flags))
