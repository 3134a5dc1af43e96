"""Writes predictions and targets of one step as the formats hold them, for memory-sweep.mjs. Needs numpy; pyarrow for Arrow and Parquet.

    python3 memory-files.py FORMAT f2|f4|f8 ROWS COLS FOLDER [label,group]
"""

import json
import os
import sys

import numpy as np

form, code, rows, cols, out = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
extra = sys.argv[6].split(",") if len(sys.argv) > 6 else []
dtype = np.dtype(f"<{code}")
random = np.random.default_rng(rows * 31 + cols)
normals = random.standard_normal(min(rows * cols, 1 << 22)).astype("<f4")
step = max(1, (1 << 21) // cols)
os.makedirs(out, exist_ok=True)


def blocks(seed, height=step):
    """The same normals again and again, from another place and on another scale each time."""
    for start in range(0, rows, height):
        count = min(height, rows - start)
        part = np.resize(np.roll(normals, -((start * 7919 + seed * 1299709) % len(normals))), count * cols)
        yield (part * (1 + start / rows)).astype(dtype).reshape(count, cols)


def whole(seed):
    return np.concatenate(list(blocks(seed)))


def write_table():
    import pyarrow as pa
    import pyarrow.ipc as ipc
    import pyarrow.parquet as pq

    number = {"f2": pa.float16(), "f4": pa.float32(), "f8": pa.float64()}[code]
    is_fixed = form in ("arrow", "arrow-lz4")
    kind = pa.list_(number, cols) if is_fixed else pa.list_(number)
    schema = pa.schema([("prediction", kind), ("target", kind)])

    def column(block):
        values = pa.array(block.reshape(-1), type=number)
        if is_fixed:
            return pa.FixedSizeListArray.from_arrays(values, cols)
        return pa.ListArray.from_arrays(pa.array(np.arange(0, block.size + 1, cols), pa.int32()), values)

    batches = [pa.record_batch([column(a), column(b)], schema=schema) for a, b in zip(blocks(1), blocks(2))]
    if form.startswith("parquet"):
        packed = "zstd" if form == "parquet-zstd" else "none"
        with pq.ParquetWriter(f"{out}/step_1.parquet", schema, compression=packed, use_dictionary=False) as writer:
            for batch in batches:
                writer.write_batch(batch)
        return
    options = ipc.IpcWriteOptions(compression="lz4" if form == "arrow-lz4" else None)
    with ipc.new_file(f"{out}/step_1.arrow", schema, options=options) as writer:
        for batch in batches:
            writer.write_batch(batch)


if form == "npy":
    for seed, role in enumerate(["prediction", "target"]):
        with open(f"{out}/{role}.npy", "wb") as file:
            header = {"descr": dtype.str, "fortran_order": False, "shape": (rows, cols)}
            np.lib.format.write_array_header_1_0(file, header)
            for block in blocks(seed + 1):
                file.write(block.tobytes())
elif form == "npy-fortran":
    for seed, role in enumerate(["prediction", "target"]):
        np.save(f"{out}/{role}.npy", np.asfortranarray(whole(seed + 1)))
elif form in ("npz", "npz-deflate"):
    save = np.savez if form == "npz" else np.savez_compressed
    save(f"{out}/step_1.npz", prediction=whole(1), target=whole(2))
elif form == "safetensors":
    size = rows * cols * dtype.itemsize
    name = {"f2": "F16", "f4": "F32", "f8": "F64"}[code]
    entry = lambda k: {"dtype": name, "shape": [rows, cols], "data_offsets": [k * size, (k + 1) * size]}
    header = json.dumps({"prediction": entry(0), "target": entry(1)}).encode()
    with open(f"{out}/step_1.safetensors", "wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        for seed in (1, 2):
            for block in blocks(seed):
                file.write(block.tobytes())
else:
    write_table()
if "label" in extra:
    np.save(f"{out}/label.npy", random.integers(0, 7, rows))
if "group" in extra:
    np.save(f"{out}/group.npy", np.arange(rows) // 2)
