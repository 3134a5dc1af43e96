"""Holds an event file against the records it was made from, with TensorBoard's own reader.

python3 scripts/recipes/read_events.py FOLDER RECORDS: FOLDER holds the event file of `-o tensorboard=…`, RECORDS is the
ndjson of the same invocation. Exits 1 where a step or a value differs, is missing or is too many. Needs tensorboard.
"""
import json
import struct
import sys

from tensorboard import version
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

folder, path = sys.argv[1:]
with open(path, encoding="utf-8") as lines:
    records = [record for record in map(json.loads, lines) if record["type"] == "step"]
is_one = len({record["run"] for record in records}) == 1
expected = {}
for record in records:
    prefix = "collapse" if is_one else record["run"]
    for name, value in record["metrics"].items():
        if value is not None:
            as_float32 = struct.unpack("f", struct.pack("f", value))[0]
            expected.setdefault(f"{prefix}/{name}", []).append((record["step"] or 0, as_float32))

events = EventAccumulator(folder, size_guidance={"scalars": 0})
events.Reload()
tags = [tag for tag in events.Tags()["scalars"] if not tag.endswith("/alerts")]
read = {tag: [(event.step, event.value) for event in events.Scalars(tag)] for tag in tags}
print(f"TensorBoard {version.VERSION}: {len(tags)} tags, {sum(map(len, read.values()))} values")
if read != expected:
    sys.exit("they differ from the records")
