"""Writes some of fixtures/formats/parquet and fixtures/malformed/parquet, and their entries in expected.json: what
pyarrow and DuckDB write beyond lists of plain floats, and footers that no writer here makes.

Needs pyarrow, duckdb and numpy; fixtures/formats/parquet/README.md has the versions.
"""

import json
import struct
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[2] / "fixtures"
GOOD, BAD = ROOT / "formats" / "parquet", ROOT / "malformed" / "parquet"
P, T = (np.load(ROOT / "formats" / "arrow" / f"{letter}.npy") for letter in "PT")
N, D = P.shape
good = json.loads((GOOD / "expected.json").read_text())
bad = json.loads((BAD / "expected.json").read_text())
both = {"dtype": "float32", "columns": {"prediction": "P.npy", "target": "T.npy"}}


def lists(x):
    return pa.FixedSizeListArray.from_arrays(pa.array(x.ravel()), x.shape[1])


def loads(name, table, vectors=None, **options):
    pq.write_table(table, GOOD / name, **options)
    good[name] = both | ({"vectors": vectors} if vectors else {})


def refused(name, code, message, when="open", key=None):
    bad[name] = {"code": code, "message": message, "when": when} | ({"key": key} if key else {})


# --- tensors: [12, 4, 12], which flatten to the 48 rows of the matrices
tensors = {role: pa.FixedShapeTensorArray.from_numpy_ndarray(x.reshape(12, 4, 12)) for role, x in (("prediction", P), ("target", T))}
loads("pyarrow.fixed_shape_tensor.parquet", pa.table(tensors), row_group_size=5)
permuted = pa.FixedShapeTensorArray.from_numpy_ndarray(P.reshape(12, 4, 12).transpose(0, 2, 1))
pq.write_table(pa.table({"prediction": permuted}), BAD / "pyarrow.fixed_shape_tensor.permuted.parquet")
refused("pyarrow.fixed_shape_tensor.permuted.parquet", "E206", "permutation [1, 0]", "matrix", "prediction")

# --- differences
rng = np.random.default_rng(7)
steps = np.repeat(np.arange(8) * 100, 6)
integers = {
    "step": steps.astype("i8"),
    "falling": (10**6 - 37 * np.arange(N)).astype("i8"),
    "random64": rng.integers(-(2**53), 2**53, N).astype("i8"),
    "random32": rng.integers(-(2**31), 2**31, N).astype("i4"),
    "unsigned": rng.integers(0, 2**32, N).astype("u4"),
    "same": np.full(N, 7, "i4"),
}
table = pa.table({"prediction": lists(P), "target": lists(T), **{name: pa.array(x) for name, x in integers.items()}})
loads(
    "pyarrow.delta.parquet",
    table,
    {name: x.tolist() for name, x in integers.items()},
    use_dictionary=False,
    column_encoding={name: "DELTA_BINARY_PACKED" for name in integers},
)
many = (np.arange(1000) ** 2 % 7919).astype("i8").reshape(100, 10)
pq.write_table(pa.table({"x": lists(many)}), GOOD / "pyarrow.delta.lists.parquet", use_dictionary=False, column_encoding={"x.list.element": "DELTA_BINARY_PACKED"})
good["pyarrow.delta.lists.parquet"] = {"dtype": "int64", "columns": {}, "matrices": {"x": many.tolist()}}
beyond = np.array([0, 2**53 + 1, 5])
pq.write_table(pa.table({"step": beyond}), BAD / "pyarrow.delta.beyond_2_53.parquet", use_dictionary=False, column_encoding={"step": "DELTA_BINARY_PACKED"})
refused("pyarrow.delta.beyond_2_53.parquet", "E222", "value 1", "vector", "step")
con = duckdb.connect()
con.execute(f"copy (select step, falling, prediction, target from \"table\") to '{GOOD / 'duckdb.v2.parquet'}' (format parquet, parquet_version v2)")
good["duckdb.v2.parquet"] = both | {"vectors": {"step": integers["step"].tolist(), "falling": integers["falling"].tolist()}}

# --- nothing in them
for name, options in {"pyarrow.no_rows.parquet": {}, "pyarrow.no_rows.v2.parquet": {"data_page_version": "2.0"}}.items():
    pq.write_table(pa.table({"prediction": lists(P).slice(0, 0)}), BAD / name, **options)
    refused(name, "E208", "no rows", "matrix", "prediction")
pq.ParquetWriter(BAD / "pyarrow.no_row_groups.parquet", pa.schema([("prediction", lists(P).type)])).close()
refused("pyarrow.no_row_groups.parquet", "E208", "no rows", "matrix", "prediction")
con.execute(f"copy (select prediction from \"table\" limit 0) to '{BAD / 'duckdb.no_rows.parquet'}' (format parquet)")
refused("duckdb.no_rows.parquet", "E208", "no rows", "matrix", "prediction")
nulls = pa.table({"prediction": pa.array([None] * 4, pa.list_(pa.float32())), "step": pa.array([None] * 4, pa.int64())})
pq.write_table(nulls, BAD / "pyarrow.nulls_alone.v2.parquet", data_page_version="2.0")
refused("pyarrow.nulls_alone.v2.parquet", "E211", "null", "vector", "step")


# --- lists that no annotation says are lists
class Thrift:
    """Thrift's compact protocol, as far as a footer needs it."""

    def __init__(self):
        self.out, self.last = b"", 0

    @staticmethod
    def varint(n):
        out = b""
        while n > 127:
            out += bytes([n & 127 | 128])
            n >>= 7
        return out + bytes([n])

    def head(self, field, kind):
        self.out += bytes([(field - self.last) << 4 | kind])
        self.last = field

    def i32(self, field, n, kind=5):
        self.head(field, kind)
        self.out += self.varint(n * 2)
        return self

    def i64(self, field, n):
        return self.i32(field, n, 6)

    def text(self, field, text):
        self.head(field, 8)
        self.out += self.varint(len(text)) + text.encode()
        return self

    def struct(self, field, inner):
        self.head(field, 12)
        self.out += inner.done()
        return self

    def list(self, field, kind, items):
        self.head(field, 9)
        self.out += (bytes([len(items) << 4 | kind]) if len(items) < 15 else bytes([240 | kind]) + self.varint(len(items))) + b"".join(items)
        return self

    def done(self):
        return self.out + b"\0"


def element(name, repetition=None, physical=None, children=None):
    e = Thrift()
    if physical is not None:
        e.i32(1, physical)
    if repetition is not None:
        e.i32(3, repetition)
    e.text(4, name)
    if children is not None:
        e.i32(5, children)
    return e.done()


def run_levels(runs):
    body = b"".join(Thrift.varint(length * 2) + bytes([level]) for length, level in runs)
    return struct.pack("<I", len(body)) + body


def bare(schema, leaves, rows):
    """A file of one row group; `leaves` are (path, physical type, levels, values)."""
    out, chunks = b"PAR1", []
    for path, physical, levels, values in leaves:
        body = levels + values.tobytes()
        header = Thrift().i32(1, 0).i32(2, len(body)).i32(3, len(body)).struct(5, Thrift().i32(1, values.size).i32(2, 0).i32(3, 3).i32(4, 3)).done()
        start = len(out)
        out += header + body
        meta = Thrift().i32(1, physical).list(2, 5, [Thrift.varint(0)]).list(3, 8, [Thrift.varint(len(p)) + p.encode() for p in path]).i32(4, 0)
        meta = meta.i64(5, values.size).i64(6, len(out) - start).i64(7, len(out) - start).i64(9, start)
        chunks.append(Thrift().i64(2, start).struct(3, meta).done())
    group = Thrift().list(1, 12, chunks).i64(2, len(out) - 4).i64(3, rows).done()
    footer = Thrift().i32(1, 1).list(2, 12, schema).i64(3, rows).list(4, 12, [group]).done()
    return out + footer + struct.pack("<I", len(footer)) + b"PAR1"


FLOAT, INT32 = 4, 1
repetition = [pair for _ in range(N) for pair in ((1, 0), (D - 1, 1))]
levels = run_levels(repetition) + run_levels([(N * D, 1)])
matrices = {"prediction": P, "target": T}
content = bare([element("schema", children=2), *(element(name, 2, FLOAT) for name in matrices)], [([name], FLOAT, levels, x) for name, x in matrices.items()], N)
(GOOD / "repeated_without_annotation.parquet").write_bytes(content)
good["repeated_without_annotation.parquet"] = both
inside = [element("schema", children=2)]
for name in matrices:
    inside += [element(name, 0, children=1), element("values", 2, FLOAT)]
(GOOD / "repeated_in_a_group.parquet").write_bytes(bare(inside, [([name, "values"], FLOAT, levels, x) for name, x in matrices.items()], N))
good["repeated_in_a_group.parquet"] = both
pairs = [element("schema", children=2), element("prediction", 2, FLOAT), element("phones", 1, children=1), element("phone", 2, children=2), element("number", 0, FLOAT), element("kind", 1, FLOAT)]
def deeper(most):
    return run_levels(repetition) + run_levels([(N * D, most)])
(GOOD / "repeated_groups_beside.parquet").write_bytes(bare(pairs, [(["prediction"], FLOAT, levels, P), (["phones", "phone", "number"], FLOAT, deeper(2), T), (["phones", "phone", "kind"], FLOAT, deeper(3), T)], N))
good["repeated_groups_beside.parquet"] = {"dtype": "float32", "columns": {"prediction": "P.npy"}}
empty_lists = run_levels([(4, 0)]) + run_levels([(4, 0)])
(BAD / "repeated_without_values.parquet").write_bytes(bare([element("schema", children=1), element("prediction", 2, FLOAT)], [(["prediction"], FLOAT, empty_lists, np.zeros(4, "f4"))], 4))
refused("repeated_without_values.parquet", "E211", "row 0", "matrix", "prediction")

(GOOD / "expected.json").write_text(json.dumps(good, indent=1) + "\n")
(BAD / "expected.json").write_text(json.dumps(bad, indent=1) + "\n")
