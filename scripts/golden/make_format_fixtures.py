"""Writes fixtures/formats/npy, fixtures/malformed/{npy,npz,safetensors,other} and a few of fixtures/formats/{npz,safetensors}: small files and, beside them, expected.json.

Needs numpy only; seeded, so that running it again changes nothing. The Arrow fixtures have other writers and are
described in fixtures/formats/arrow/README.md.

formats/npy/expected.json    name -> dtype, stored shape, rows, cols, values (row-major; non-finite as strings), and
                             options to open it with where it needs any. `"vector": true` is read as a vector.
malformed/*/expected.json    name -> error code, a part of the message, and when: at "open", or on reading a
                             "matrix" or a "vector".
"""

import json
import pickle
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.lib import format as npy_format

ROOT = Path(__file__).resolve().parents[2] / "fixtures"
RNG = np.random.default_rng(20)
MATRIX = RNG.standard_normal((5, 4))


def number(value):
    value = float(value)
    return value if np.isfinite(value) else str(value).replace("inf", "Infinity").replace("nan", "NaN")


def write(folder, files, expected):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


def saved(array, version=None):
    buffer = BytesIO()
    npy_format.write_array(buffer, array, version=version)
    return buffer.getvalue()


def raw(header, payload=b"", version=(1, 0), length=None, pad=64, shift=0):
    """An npy file with any header; `shift` moves the data off its alignment."""
    text = header.encode("utf-8" if version[0] == 3 else "latin1")
    size = 2 if version[0] == 1 else 4
    start = 8 + size
    blank = (-(start + len(text) + 1)) % pad + shift
    text += b" " * blank + b"\n"
    count = len(text) if length is None else length
    return b"\x93NUMPY" + bytes(version) + count.to_bytes(size, "little") + text + payload


def header(descr="'<f4'", order="False", shape="(5, 4)"):
    return "{'descr': %s, 'fortran_order': %s, 'shape': %s, }" % (descr, order, shape)


good, good_expected = {}, {}


def loads(name, content, array, dtype=None, options=None, vector=False):
    array = np.asarray(array)
    flat = array.reshape(-1, array.shape[-1]) if array.ndim > 1 else array.reshape(-1, 1)
    entry = {
        "dtype": dtype or array.dtype.name,
        "shape": list(array.shape),
        "rows": flat.shape[0],
        "cols": flat.shape[1],
        "values": [number(v) for v in flat.ravel()],
    }
    if options:
        entry["options"] = options
    if vector:
        entry["vector"] = True
    good[name] = content
    good_expected[name] = entry


f4 = MATRIX.astype("<f4")
payload = f4.tobytes()
loads("f4.npy", saved(f4), f4)
loads("f8.npy", saved(MATRIX), MATRIX)
half = np.array([[2.0**-24, -(2.0**-15), -0.0, 65504.0], [np.inf, -np.inf, np.nan, 1 / 3]], "<f2")
loads("f2_subnormal_negative_zero_inf.npy", saved(half), half)
for code in ("f2", "f4", "f8", "i2", "i4", "i8", "u2", "u4", "u8"):
    swapped = np.abs(MATRIX * 1000).astype(">" + code)
    loads(f"big_endian_{code}.npy", saved(swapped), swapped)
for code in ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"):
    kind = np.iinfo(code)
    low, high = max(kind.min, -(2**53)), min(kind.max, 2**53)
    ints = np.array([[low, high], [0, 1]], "<" + code)
    loads(f"{code}.npy", saved(ints), ints)
truth = MATRIX > 0
loads("bool.npy", saved(truth), truth)
loads("fortran_2d.npy", saved(np.asfortranarray(f4)), f4)
cube = np.arange(24, dtype="<f4").reshape(2, 3, 4)
loads("c_3d.npy", saved(cube), cube)
loads("fortran_3d.npy", saved(np.asfortranarray(cube)), cube)
big_cube = np.arange(48, dtype=">f8").reshape(2, 3, 2, 4)
loads("fortran_4d_big_endian.npy", saved(np.asfortranarray(big_cube)), big_cube)
loads("version_2.npy", saved(f4, (2, 0)), f4)
loads("version_3.npy", saved(f4, (3, 0)), f4)
for shift in (1, 2, 3):
    loads(f"data_offset_off_by_{shift}.npy", raw(header(), payload, shift=shift), f4)
loads("python_2_long_shape.npy", raw(header(shape="(5L, 4L)"), payload), f4)
loads("double_quotes.npy", raw(header().replace("'", '"'), payload), f4)
loads("vector_1d.npy", saved(np.arange(3.0)), np.arange(3.0), vector=True)
loads("scalar_0d.npy", saved(np.array(1.25)), np.array(1.25), vector=True)
bits = (f4.view("<u4") >> 16).astype("<u2")
rounded = (bits.astype("<u4") << 16).view("<f4")
bfloat = raw(header("'<V2'"), bits.tobytes())
loads("bfloat16.npy", bfloat, rounded, dtype="bfloat16", options={"rawDtype": "bfloat16"})
# The one file here with another writer: ml_dtypes 0.5, the matrix P of fixtures/formats/arrow as bfloat16.
ml_dtypes = (ROOT / "formats" / "npy" / "ml_dtypes.bfloat16.npy").read_bytes()
words = np.frombuffer(ml_dtypes[-48 * 12 * 2 :], "<u2").astype("<u4").reshape(48, 12)
loads("ml_dtypes.bfloat16.npy", ml_dtypes, (words << 16).view("<f4"), dtype="bfloat16", options={"rawDtype": "bfloat16"})
write(ROOT / "formats" / "npy", good, good_expected)

# The matrices of fixtures/formats/arrow, rounded as the writers of its half-precision files round them.
for letter in "PT":
    single = np.load(ROOT / "formats" / "arrow" / f"{letter}.npy")
    words = single.view("<u4")
    nearest = (words + 0x7FFF + ((words >> 16) & 1)) >> 16 << 16
    np.save(ROOT / "formats" / "arrow" / f"{letter}.f16.npy", single.astype("<f2"))
    np.save(ROOT / "formats" / "arrow" / f"{letter}.bf16.npy", nearest.view("<f4"))

bad, bad_expected = {}, {}


def refused(name, content, code, message, when="open"):
    bad[name] = content
    bad_expected[name] = {"code": code, "message": message, "when": when}


for big, code in (((2**53 + 2), "i8"), (-(2**53) - 2, "i8"), (2**64 - 1, "u8")):
    array = np.array([[1, 2], [3, big]], "<" + code)
    refused(f"{code}_{'negative' if big < 0 else 'positive'}_beyond_2_53.npy", saved(array), "E222", f"row 1, column 1 is {big}", "matrix")
refused("complex64.npy", saved(f4.astype("c8")), "E206", "complex", "matrix")
refused("raw_v2_perhaps_bfloat16.npy", bfloat, "E206", "bfloat16", "matrix")
refused("raw_v1.npy", raw(header("'|V1'"), bytes(20)), "E206", "raw bytes", "matrix")
refused("object_pickle.npy", saved(np.array([[{}, []]], object)), "E206", "pickled", "matrix")
refused("structured.npy", saved(np.zeros((2, 2), [("x", "<f4"), ("y", "<i4", (2,))])), "E206", "structured", "matrix")
refused("strings_U148.npy", saved(np.array([["a" * 148, "b"]])), "E206", "strings", "matrix")
refused("dates.npy", saved(np.zeros((2, 2), "<M8[ns]")), "E206", "dates", "matrix")
refused("version_9.npy", raw(header(), payload, (9, 0)), "E204", "version 9.0")
refused("version_0.npy", raw(header(), payload, (0, 1)), "E204", "version 0.1")
refused("scalar_0d.npy", saved(np.array(1.0)), "E209", "no axes", "matrix")
refused("vector_1d.npy", saved(np.zeros(3)), "E209", "1 axis", "matrix")
refused("matrix_as_vector.npy", saved(f4), "E209", "2 axes", "vector")
refused("shape_0x4.npy", saved(np.zeros((0, 4))), "E208", "no rows", "matrix")
refused("shape_4x0.npy", saved(np.zeros((4, 0))), "E208", "no dimensions", "matrix")
refused("cut_on_an_element.npy", saved(f4)[:-4], "E203", "needs 80 bytes, 76 follow")
refused("cut_inside_an_element.npy", saved(f4)[:-3], "E203", "needs 80 bytes, 77 follow")
refused("trailing_bytes.npy", saved(f4) + b"\0" * 8, "E203", "needs 80 bytes, 88 follow")
refused("two_arrays_in_one_file.npy", saved(f4) * 2, "E203", "needs 80 bytes, 288 follow")
refused("negative_axis.npy", raw(header(shape="(-5, 4)"), payload), "E204", "negative axis, -5")
refused("overflowing_axis.npy", raw(header(shape="(18446744073709551616, 4)"), payload), "E204", "18446744073709551616")
refused("overflowing_product.npy", raw(header(shape="(4294967296, 4294967296)"), payload), "E204", "more elements")
refused("fractional_axis.npy", raw(header(shape="(2.5, 8)"), payload), "E204", "not a Python literal")
refused("shape_is_a_list.npy", raw(header(shape="[5, 4]"), payload), "E204", "a list, not a tuple")
refused("shape_is_none.npy", raw(header(shape="None"), payload), "E204", "None, not a tuple")
refused("shape_is_a_number.npy", raw(header(shape="(20)"), payload), "E204", "20, not a tuple")
refused("shape_with_true.npy", raw(header(shape="(5, True)"), payload), "E204", "no integer")
refused("missing_key.npy", raw("{'descr': '<f4', 'shape': (5, 4)}", payload), "E204", "no key 'fortran_order'")
refused("extra_key.npy", raw(header()[:-1] + "'x': 1}", payload), "E204", "4 keys")
refused("duplicate_key.npy", raw("{'descr': '<f8', " + header()[1:], payload), "E204", "twice")
refused("fortran_order_is_1.npy", raw(header(order="1"), payload), "E204", "fortran_order is 1")
refused("descr_inside_a_string.npy", raw("{'shape': (5, 4), 'fortran_order': False, 'x': \"'descr': '<f4'\"}", payload), "E204", "no key 'descr'")
refused("descr_unknown.npy", raw(header("'<q9'"), payload), "E204", "unknown descr")
refused("descr_without_byte_order.npy", raw(header("'|f4'"), payload), "E204", "no byte order")
refused("header_of_20_MiB.npy", raw(header(), version=(2, 0), length=20 * 2**20), "E204", "claims 20971520 bytes")
refused("header_length_beyond_the_file.npy", raw(header(), version=(2, 0), length=60000), "E204", "ends inside its header")
refused("header_length_too_small.npy", raw(header(), payload, length=40), "E204", "not a Python literal")
refused("header_length_swallows_data.npy", raw(header(), b"x" * 80, length=118 + 16), "E204", "not a Python literal")
refused("header_nested_too_deep.npy", raw(header("[" * 5000), payload), "E204", "not a Python literal")
refused("magic_only_5_bytes.npy", b"\x93NUMP", "E204", "93 4e 55 4d 50")
refused("header_cut_9_bytes.npy", b"\x93NUMPY\x01\x00\x76", "E204", "9 bytes of 10")
refused("garbage.npy", bytes(range(7, 90)), "E204", "extension .npy promises NumPy array")
write(ROOT / "malformed" / "npy", bad, bad_expected)

bad, bad_expected = {}, {}
refused("empty.npy", b"", "E204", "0 bytes")
refused("git_lfs_pointer.npy", b"version https://git-lfs.github.com/spec/v1\noid sha256:%064x\nsize 4096\n" % 7, "E219", "Git LFS pointer")
refused("web_page.npy", b"\n<!DOCTYPE html>\n<html><body>404</body></html>\n", "E219", "web page")
refused("store_error.npy", b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "E219", "error document")
refused("records.ndjson", b'{"type":"step","schemaVersion":1,"run":"a","step":1}\n', "E205", "these are records")
refused("state.json", b'{"type":"embedding-collapse state","version":2,"checksum":"x","state":\n', "E205", "a state, a reference or a report")
refused("report.json", b'{\n  "schemaVersion": 1,\n  "tool": {\n    "name": "embedding-collapse",\n    "version": "0.1.0"\n  }\n}\n', "E205", "a state, a reference or a report")
for protocol in (2, 3, 4, 5):
    refused(f"pickle_protocol_{protocol}.npy", pickle.dumps(f4.tolist(), protocol), "E205", "Python pickle")


def zipped(names):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"content")
    return buffer.getvalue()


refused("torch.pt", zipped(["archive/data.pkl", "archive/data/0"]), "E204", "PyTorch")
refused("torch_named.pth", zipped(["epoch_3/data.pkl", "epoch_3/version"]), "E204", "PyTorch")
refused("torch_legacy.pt", b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.", "E205", "PyTorch")
refused("other.zip", zipped(["notes.txt"]), "E205", "without .npy members")
refused("empty.zip", zipped([]), "E205", "zip archive")
refused("torch_long_name.pt", zipped(["a_name_longer_than_the_first_bytes_of_a_file_can_show_" * 2 + "/data.pkl"]), "E204", "PyTorch")
refused("hdf5.h5", b"\x89HDF\r\n\x1a\n" + bytes(88), "E205", "HDF5")
refused("zarr_v2.zarray", json.dumps({"chunks": [5, 4], "dtype": "<f4", "shape": [5, 4], "zarr_format": 2}, indent=4).encode(), "E205", "Zarr")
refused("zarr_v3.json", b'{"zarr_format": 3, "node_type": "array", "shape": [5, 4]}', "E205", "Zarr")
refused("feather_v1.feather", b"FEA1" + bytes(40) + b"FEA1", "E205", "Feather version 1")
refused("gzip.npy.gz", b"\x1f\x8b\x08\x00" + bytes(20), "E205", "gzip")
refused("text.txt", b"1.0 2.0 3.0\n", "E205", "not a known format")
refused("text.arrow", b"1.0 2.0 3.0\n", "E204", "extension .arrow promises Arrow")
write(ROOT / "malformed" / "other", bad, bad_expected)

# --- .npz: what numpy's own zipfile writes, and what no writer would ---
NPZ = ROOT / "formats" / "npz"
P, T = (np.load(ROOT / "formats" / "arrow" / f"{letter}.npy") for letter in "PT")
npz_expected = json.loads((NPZ / "expected.json").read_text())
npz_files = {}
table = {"dtype": "float32", "columns": {"prediction": "P.npy", "target": "T.npy"}}


def archive(members, compression=zipfile.ZIP_STORED):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as out:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = compression
            out.writestr(info, content)
    return buffer.getvalue()


both = [("prediction.npy", saved(P)), ("target.npy", saved(T))]
stored = archive(both)


def with_zip64(content):
    """The same archive, with every size and offset of its directory in zip64 fields."""
    end = content.rindex(b"PK\x05\x06")
    count, _, start = struct.unpack_from("<HLL", content, end + 10)
    at, directory = start, b""
    while at < end:
        entry = bytearray(content[at : at + 46])
        packed, size = struct.unpack_from("<LL", entry, 20)
        name_length, extra_length, comment = struct.unpack_from("<HHH", entry, 28)
        (offset,) = struct.unpack_from("<L", entry, 42)
        struct.pack_into("<LL", entry, 20, 2**32 - 1, 2**32 - 1)
        struct.pack_into("<H", entry, 30, 28)
        struct.pack_into("<L", entry, 42, 2**32 - 1)
        name = content[at + 46 : at + 46 + name_length]
        directory += bytes(entry) + name + struct.pack("<HHQQQ", 1, 24, size, packed, offset)
        at += 46 + name_length + extra_length + comment
    record = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(directory), start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, start + len(directory), 1)
    tail = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 2**16 - 1, 2**16 - 1, 2**32 - 1, 2**32 - 1, 0)
    return content[:start] + directory + record + locator + tail


def npz(name, content, expected):
    npz_files[name] = content
    npz_expected[name] = expected


npz("zip64.npz", with_zip64(stored), table)
npz("comment.npz", stored[:-2] + struct.pack("<H", 4) + b"PK\x05\x06", table)
npz("with_a_text_member.npz", archive([("readme.txt", b"by hand"), *both], zipfile.ZIP_DEFLATED), table)
npz(
    "keys_with_spaces.npz",
    archive([("sp|P1 pred emb.npy", saved(P)), ("folder/target é.npy", saved(T)), ("folder/", b"")]),
    {"dtype": "float32", "columns": {"sp|P1 pred emb": "P.npy", "folder/target é": "T.npy"}},
)
fortran = archive([("prediction.npy", saved(np.asfortranarray(P))), ("target.npy", saved(np.asfortranarray(T)))], zipfile.ZIP_DEFLATED)
npz("fortran_deflated.npz", fortran, table)
write(NPZ, npz_files, npz_expected)

bad, bad_expected = {}, {}


def patched(content, offset, fmt, *values):
    out = bytearray(content)
    struct.pack_into(fmt, out, offset, *values)
    return bytes(out)


def refused_array(name, content, code, message):
    refused(name, content, code, message, "matrix")
    bad_expected[name]["key"] = "prediction"


first = stored.index(b"PK\x01\x02")
deflated = archive(both, zipfile.ZIP_DEFLATED)
refused("encrypted.npz", patched(stored, first + 8, "<H", 1), "E205", "encrypted")
refused("bzip2.npz", archive(both, zipfile.ZIP_BZIP2), "E205", "zip method 12")
refused("cut.npz", stored[:3000], "E203", "no directory")
refused("trailing_bytes.npz", stored + b"more", "E203", "no directory")
same = archive([("prediction.npy", saved(P)), ("predictioN.npy", saved(T))]).replace(b"predictioN", b"prediction")
refused("two_members_of_one_name.npz", same, "E204", "two members named")
refused("overlapping_members.npz", patched(stored, stored.rindex(b"PK\x01\x02") + 42, "<L", 0), "E204", "inside another member")
refused("directory_elsewhere.npz", patched(stored, len(stored) - 6, "<L", 5), "E204", "its directory claims")
refused("one_member_too_many.npz", patched(stored, len(stored) - 12, "<H", 3), "E204", "claims 3 members and has 2")
refused("size_beyond_the_archive.npz", patched(stored, first + 20, "<LL", 10**6, 10**6), "E204", "ends at byte")
refused("sizes_disagree.npz", patched(stored, first + 24, "<L", 99), "E204", "claims 99")
refused("more_than_deflate_can.npz", patched(deflated, deflated.index(b"PK\x01\x02") + 24, "<L", 2**31), "E204", "more than deflate can")
refused("zip64_without_its_field.npz", patched(stored, first + 20, "<LL", 2**32 - 1, 2**32 - 1), "E204", "no zip64 field")
refused("member_is_no_array.npz", archive([("prediction.npy", b"not an array")]), "E204", '"prediction.npy"')
refused("member_is_cut.npz", archive([("prediction.npy", saved(P)[:-4])]), "E203", "needs 2304 bytes, 2300 follow")
refused_array("stored_value_flipped.npz", patched(stored, 2000, "<B", stored[2000] ^ 1), "E204", "checksum")
refused_array("object_array.npz", archive([("prediction.npy", saved(np.array([[{}]], object)))]), "E206", "pickled")
checksum = patched(deflated, deflated.index(b"PK\x01\x02") + 16, "<L", 7)
refused_array("deflated_checksum.npz", checksum, "E204", "checksum")
write(ROOT / "malformed" / "npz", bad, bad_expected)

# --- safetensors ---
bad, bad_expected = {}, {}


def tensors(entries, payload, length=None):
    text = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + payload


def f32(start, end, shape=(2, 2), dtype="F32"):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [start, end]}


ST = ROOT / "formats" / "safetensors"
st_expected = json.loads((ST / "expected.json").read_text())
st_files, entries, payload = {}, {}, b""
st_vectors = {}
for code, dtype in (("I8", "i1"), ("U8", "u1"), ("I16", "<i2"), ("U16", "<u2"), ("I32", "<i4"), ("U32", "<u4"), ("I64", "<i8"), ("U64", "<u8"), ("BOOL", "?"), ("F64", "<f8")):
    array = np.array([0, 1, 1, 0] if code == "BOOL" else [1, 2, 3, 100], dtype)
    entries[code] = f32(len(payload), len(payload) + array.nbytes, [4], code)
    payload += array.tobytes()
    st_vectors[code] = [float(v) for v in array]
st_files["every_integer.safetensors"] = tensors({"__metadata__": {"step": "7"}, **entries}, payload)
st_expected["every_integer.safetensors"] = {"dtype": "float64", "columns": {}, "vectors": st_vectors, "metadata": {"step": "7"}}
write(ST, st_files, st_expected)

data = bytes(32)
refused("overlap.safetensors", tensors({"prediction": f32(0, 16), "target": f32(12, 28)}, bytes(28)), "E204", "overlaps")
refused("hole.safetensors", tensors({"prediction": f32(0, 16), "target": f32(20, 36)}, bytes(36)), "E204", "leaves a hole")
refused("trailing_bytes.safetensors", tensors({"prediction": f32(0, 16)}, data), "E203", "need 16 bytes, 32 follow")
refused("cut.safetensors", tensors({"prediction": f32(0, 16)}, bytes(12)), "E203", "need 16 bytes, 12 follow")
refused("duplicate_key.safetensors", tensors(b'{"prediction":%s,"prediction":%s}' % (json.dumps(f32(0, 16)).encode(), json.dumps(f32(16, 32)).encode()), data), "E204", "twice")
refused("duplicate_escaped_key.safetensors", tensors(b'{"prediction":%s,"predictio\\u006e":%s}' % (json.dumps(f32(0, 16)).encode(), json.dumps(f32(16, 32)).encode()), data), "E204", "twice")
refused("header_too_long.safetensors", tensors({"prediction": f32(0, 16)}, bytes(16), 2**30), "E204", "header claims 1073741824 bytes")
refused("header_beyond_the_file.safetensors", tensors({"prediction": f32(0, 16)}, bytes(16), 5000), "E203", "header ends at byte 5008")
refused("no_json.safetensors", tensors(b'{"prediction": ', b""), "E204", "not JSON")
refused("shape_and_bytes_disagree.safetensors", tensors({"prediction": f32(0, 16, [2, 3])}, bytes(16)), "E204", "needs 24 bytes and has 16")
refused("negative_shape.safetensors", tensors({"prediction": f32(0, 16, [-2, -2])}, bytes(16)), "E204", "no shape")
refused("offsets_backwards.safetensors", tensors({"prediction": f32(16, 0)}, bytes(16)), "E204", "begins at byte 16")
refused("metadata_of_numbers.safetensors", tensors({"__metadata__": {"step": 5}, "prediction": f32(0, 16)}, bytes(16)), "E204", "__metadata__")
refused_array("float8.safetensors", tensors({"prediction": f32(0, 4, dtype="F8_E4M3")}, bytes(4)), "E206", "F8_E4M3")
refused_array("no_rows.safetensors", tensors({"prediction": f32(0, 0, [0, 4])}, b""), "E208", "no rows")
refused_array("i64_beyond_2_53.safetensors", tensors({"prediction": f32(0, 16, [1, 2], "I64")}, np.array([1, 2**53 + 2], "<i8").tobytes()), "E222", "row 0, column 1")
write(ROOT / "malformed" / "safetensors", bad, bad_expected)

# --- Parquet: files by other writers, cut and patched ---
PARQUET = ROOT / "malformed" / "parquet"
bad, bad_expected = {}, json.loads((PARQUET / "expected.json").read_text())
whole = (ROOT / "formats" / "parquet" / "pyarrow.list.snappy.parquet").read_bytes()
refused("cut.parquet", whole[:5000], "E203", "without the closing PAR1")
refused("encrypted.parquet", b"PARE" + whole[4:-4] + b"PARE", "E205", "encrypted")
refused("footer_longer_than_the_file.parquet", patched(whole, len(whole) - 8, "<L", 2**20), "E204", "claims 1048576 of")
refused("empty_footer.parquet", b"PAR1" + bytes(40) + b"PAR1", "E204", "Parquet file is damaged")
refused_array("page_cut_by_zeros.parquet", whole[:2340] + bytes(200) + whole[2540:], "E204", "damaged")
write(PARQUET, bad, bad_expected)
