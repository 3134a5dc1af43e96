"""Writes fixtures/formats/pt and fixtures/malformed/pt: small files of torch.save and, beside them, expected.json.

Needs torch (any CPU build from 2.3 on); seeded. The malformed files are archives written member by member.

formats/pt/expected.json    name -> the arrays of the file: key -> dtype, shape, and the values as torch reads them
                            back, row-major: base64 of little-endian float64, or of float32 for the types that fit.
malformed/pt/expected.json  as in the other folders of fixtures/malformed.
"""

import base64
import io
import json
import os
import pickle
import warnings
import zipfile
from collections import OrderedDict
from pathlib import Path

import torch

warnings.filterwarnings("ignore")
ROOT = Path(__file__).resolve().parents[2] / "fixtures"
torch.manual_seed(20)
N, D = 12, 5
NARROW = (torch.float16, torch.bfloat16, torch.float32)


def entry(tensor):
    if isinstance(tensor, (bool, int, float)):
        tensor = torch.tensor(tensor, dtype=torch.float64 if isinstance(tensor, float) else None)
    dtype = str(tensor.dtype).removeprefix("torch.")
    plain = tensor.detach().to(torch.float32 if tensor.dtype in NARROW else torch.float64).contiguous()
    return {"dtype": dtype, "shape": list(tensor.shape), "values": base64.b64encode(plain.numpy().tobytes()).decode()}


def named(value, path=None):
    """The arrays that the reader finds: dicts and lists in one another, joined by dots; numbers in dicts alone."""
    if isinstance(value, torch.Tensor):
        yield path, value
    elif isinstance(value, (dict, list, tuple)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            text = str(int(key)) if isinstance(key, bool) else str(key)
            inner = text if path is None else f"{path}.{text}"
            if isinstance(item, (bool, int, float)):
                if isinstance(value, dict) and abs(item) < 2**53:
                    yield inner, item
            else:
                yield from named(item, inner)


good = {}
folder = ROOT / "formats" / "pt"
folder.mkdir(parents=True, exist_ok=True)
for old in folder.glob("*.pt*"):
    old.unlink()


def loads(name, value, **options):
    path = folder / name
    torch.save(value, path, **options)
    back = torch.load(path, weights_only="pickle_protocol" not in options)
    good[name] = {key or "": entry(tensor) for key, tensor in named(back)}


x = torch.randn(N, D)
loads("tensor.pt", x)
loads("dict.pt", {"prediction": x, "target": torch.randn(N, D, dtype=torch.float64), "kl_reg": 0.25, "step": 300})
loads("state_of_a_run.pt", {"epoch": 3, "name": "run", "done": False, "best": None, "prediction": x, "target": x + 1})
loads("floats.pt", {"F64": x.double(), "F32": x, "F16": x.half(), "BF16": x.bfloat16()})
small = torch.tensor([[0, 1, 2], [3, 100, 127]])
loads("integers.pt", {str(t)[6:]: small.to(t) for t in (torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64)})
loads("unsigned.pt", {str(t)[6:]: small.to(t) for t in (torch.uint16, torch.uint32, torch.uint64)})
loads("bool.pt", {"prediction": x, "target": x, "mask": x[:, 0] > 0, "masks": x > 0})
loads("special_values.pt", torch.tensor([[0.0, -0.0, 1e-45], [float("inf"), -float("inf"), float("nan")]]))
loads("half_special_values.pt", torch.tensor([[0.0, -0.0, 6e-8, 65504.0], [float("inf"), -float("inf"), float("nan"), 1.0]]).half())

nan, inf = float("nan"), float("inf")
for t in (torch.float16, torch.bfloat16, torch.float32):
    loads(f"transposed_{str(t)[6:]}_with_nan.pt", torch.tensor([[nan, 0.0], [1.0, inf], [-0.0, nan]], dtype=t).T)

big = torch.randn(4, 6, 20)
loads("view_of_rows.pt", big.view(-1, 20)[3:19])
loads("view_of_columns.pt", big.view(-1, 20)[:, 2:9])
loads("view_with_steps.pt", big.view(-1, 20)[1::2, ::3])
loads("first_token.pt", {"prediction": big[:, 0], "target": big[:, 1]})
loads("tokens.pt", big)
loads("tokens_without_the_first.pt", big[:, 1:])
loads("transposed.pt", torch.randn(D, N).t())
loads("transposed_part.pt", torch.randn(20, 30).t()[4:20, 3:9])
loads("permuted.pt", big.permute(1, 0, 2))
loads("permuted_columns.pt", big.permute(0, 2, 1))
loads("channels_last.pt", torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last))
loads("expanded_rows.pt", torch.randn(1, D).expand(N, D))
loads("expanded_columns.pt", torch.randn(N, 1).expand(N, D))
loads("windows.pt", torch.randn(30).unfold(0, 6, 2))
loads("as_strided.pt", torch.arange(40.0).as_strided((4, 3, 2), (7, 1, 5), 3))
loads("diagonal.pt", {"vector": torch.randn(7, 7).diagonal(), "steps": torch.arange(20)[::3], "scalar": torch.tensor(1.5)})
loads("int64_beside_larger.pt", torch.tensor([[1, 2**60, 2], [3, -(2**60), 4]])[:, ::2])
shared = torch.randn(3 * N, D)
loads("shared_storage.pt", {"prediction": shared[:N], "target": shared[N : 2 * N], "all": shared, "again": shared})
loads("parameter.pt", torch.nn.Parameter(x))
with_attribute = torch.nn.Parameter(x.clone())
with_attribute.note = "kept by torch, of no use here"
loads("parameter_with_state.pt", with_attribute)
loads("requires_grad.pt", {"prediction": x.clone().requires_grad_(), "target": x})
loads("ordered_dict.pt", OrderedDict(prediction=x, target=x + 1))
loads("state_dict.pt", torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3)).state_dict())
linear = torch.nn.Linear(3, 3)
optimizer = torch.optim.Adam(linear.parameters())
linear(torch.randn(2, 3)).sum().backward()
optimizer.step()
loads("checkpoint.pt", {"model": linear.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 1})
loads("list.pt", [x, x[:3], (torch.arange(3), [torch.ones(2, 2)])])
loads("nested.pt", {"embeddings": {"prediction": x, "target": x + 1}, "layers": [x, {0: x, None: x, True: x}], "shape": x.shape, "dtype": x.dtype, "device": x.device, "note": b"bytes", "large": 2**70, "set": {1, 2}})
loads("empty.pt", {"prediction": x, "none": torch.empty(0, 4), "nothing": torch.empty(0)})
loads("named.pth", {"prediction": x, "target": x})
for protocol in (3, 4, 5):
    loads(f"protocol_{protocol}.pt", {"prediction": x, "target": x, "unit": "é", "n": -7, "m": 70000}, pickle_protocol=protocol)
torch.serialization.set_crc32_options(False)
loads("without_checksums.pt", {"prediction": x, "target": x + 1})
torch.serialization.set_crc32_options(True)


def members(path):
    with zipfile.ZipFile(path) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def archive(parts, compression=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as out:
        for name, content in parts:
            info = zipfile.ZipInfo(name)
            info.compress_type = compression
            out.writestr(info, content)
    return buffer.getvalue()


def written(name, content, like):
    (folder / name).write_bytes(content)
    good[name] = good[like]


written("deflated.pt", archive(members(folder / "dict.pt"), zipfile.ZIP_DEFLATED), "dict.pt")


def swapped(name, content):
    """The file of a big-endian machine: storages turned round, and a word that says so."""
    if name.endswith("/byteorder"):
        return b"big"
    if "/data/" not in name:
        return content
    size = 8 if name.endswith("/1") else 4
    return b"".join(content[i : i + size][::-1] for i in range(0, len(content), size))


written("big_endian.pt", archive([(name, swapped(name, content)) for name, content in members(folder / "dict.pt")]), "dict.pt")
long = "a_name_longer_than_the_first_bytes_of_a_file_can_show_" * 2
written("long_name.pt", archive([(name.replace("dict/", f"{long}/"), content) for name, content in members(folder / "dict.pt")]), "dict.pt")
(folder / "expected.json").write_text(json.dumps(good, indent=1) + "\n")

bad, bad_files = {}, {}


def refused(name, content, code, message, when="open", key=None):
    bad[name] = {"code": code, "message": message, "when": when}
    if key is not None:
        bad[name]["key"] = key
    bad_files[name] = content


class Asks:
    def __init__(self, function, *args):
        self.call = (function, args)

    def __reduce__(self):
        return self.call


def of(value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def with_pickle(content, base="dict.pt"):
    return archive([(name, content if name.endswith("data.pkl") else old) for name, old in members(folder / base)])


base = dict(members(folder / "dict.pt"))["dict/data.pkl"]
for protocol in (2, 4):
    refused(f"os_system_{protocol}.pt", of({"prediction": Asks(os.system, "echo ran")}, pickle_protocol=protocol), "E205", "asks for posix.system")
refused("eval.pt", of({"prediction": Asks(eval, "1")}), "E205", "asks for __builtin__.eval")
refused("getattr.pt", of([Asks(getattr, "a", "b")]), "E205", "asks for __builtin__.getattr")
refused("module.pt", of(torch.nn.Linear(2, 2)), "E205", "asks for torch.nn.modules.linear.Linear")
refused("sparse.pt", of(torch.eye(3).to_sparse()), "E205", "asks for torch._utils._rebuild_sparse_tensor")
refused("quantized.pt", of(torch.quantize_per_tensor(x, 0.1, 0, torch.qint8)), "E205", "asks for torch._utils._rebuild_qtensor")
refused("numpy_array.pt", of({"prediction": x.numpy()}), "E205", "multiarray._reconstruct")
refused("strange_name.pt", with_pickle(b"\x80\x02cos\x1b[31m\nsys\ntem\n."), "E205", "asks for \"os\\u001b[31m.sys\"")
refused("inst.pt", with_pickle(b"\x80\x02(ios\nsystem\n."), "E205", "asks for os.system")
refused("newobj.pt", with_pickle(b"\x80\x02ccollections\nOrderedDict\n)\x81."), "E205", "opcode 0x81")
refused("call_of_storage.pt", with_pickle(b"\x80\x02ctorch\nFloatStorage\n)R."), "E204", "a call of torch.FloatStorage")
refused("complex.pt", of({"prediction": torch.randn(4, 3, dtype=torch.complex64)}), "E206", "complex64", "matrix", "prediction")
refused("negative_bit.pt", of({"prediction": torch.randn(4, 3, dtype=torch.complex64).conj().imag}), "E206", "sign or conjugate bit", "matrix", "prediction")
refused("float8.pt", of({"prediction": x.to(torch.float8_e5m2)}), "E206", "float8_e5m2", "matrix", "prediction")
refused("int64_beyond_2_53.pt", of({"prediction": torch.tensor([[1, 2], [3, 2**60]]).t()}), "E222", "row 1, column 1 is 1152921504606846976", "matrix", "prediction")
refused("vector.pt", of(torch.arange(5.0)), "E209", "no tensor is a matrix", "matrix")
refused("no_rows.pt", of(torch.empty(0, 4)), "E208", "no rows", "matrix")
refused("two_matrices.pt", of([x, x]), "E212", "several tensors", "matrix")
legacy = of({"prediction": x}, _use_new_zipfile_serialization=False)
refused("legacy.pt", legacy, "E205", "PyTorch")
refused("legacy_os_system.pt", of({"a": Asks(os.system, "echo ran")}, _use_new_zipfile_serialization=False), "E205", "asks for posix.system")
whole = (folder / "dict.pt").read_bytes()
refused("cut_in_the_directory.pt", whole[:-30], "E203", "cut")
refused("cut_in_a_storage.pt", whole[:900], "E203", "cut")
refused("flipped_value.pt", whole.replace(dict(members(folder / "dict.pt"))["dict/data/0"][:16], bytes(16), 1), "E204", "checksum", "matrix", "prediction")
refused("pickle_cut.pt", with_pickle(base[:-20]), "E204", "pickle")
refused("pickle_empty.pt", with_pickle(b""), "E204", "pickle")
refused("protocol_9.pt", with_pickle(b"\x80\x09N."), "E205", "protocol 9")
refused("storage_too_short.pt", archive([(n, c[:-4] if n.endswith("/data/0") else c) for n, c in members(folder / "dict.pt")]), "E203", "its pickle says 240")
refused("storage_too_long.pt", archive([(n, c + bytes(4) if n.endswith("/data/0") else c) for n, c in members(folder / "dict.pt")]), "E203", "its pickle says 240")
refused("storage_missing.pt", archive([(n, c) for n, c in members(folder / "dict.pt") if not n.endswith("/data/0")]), "E204", 'no storage "0"')
refused("pickle_missing.pt", archive([(n, c) for n, c in members(folder / "dict.pt") if not n.endswith("data.pkl")]), "E204", "0 members named data.pkl")
refused("two_pickles.pt", archive([("a/data.pkl", base), ("b/data.pkl", base), ("a/version", b"3")]), "E204", "2 members named data.pkl")
refused("no_archive.pt", archive([("archive/data.pkl", b"content"), ("archive/data/0", b"content")]), "E204", "pickle")


def tensor(offset, shape, strides, count=60, storage=b"0"):
    """A pickle of one tensor with any numbers."""
    def number(n):
        return b"J" + n.to_bytes(4, "little", signed=True) if abs(n) < 2**31 else b"\x8a\x08" + n.to_bytes(8, "little", signed=True)
    def numbers(ns):
        return b"(" + b"".join(map(number, ns)) + b"t"
    key = b"X" + len(storage).to_bytes(4, "little") + storage
    return (b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\n" + key
            + b"X\x03\x00\x00\x00cpu" + number(count) + b"tQ" + number(offset) + numbers(shape) + numbers(strides)
            + b"\x89ccollections\nOrderedDict\n)RtR.")


for name, numbers in {
    "beyond_its_storage": (1, (12, 5), (5, 1)),
    "overrunning_stride": (0, (12, 5), (6, 1)),
    "overflowing_shape": (0, (2**40, 2**40), (2**40, 1)),
    "offset_beyond": (2**50, (1, 1), (1, 1)),
}.items():
    refused(f"{name}.pt", with_pickle(tensor(*numbers), "tensor.pt"), "E204", "has a tensor")
for name, numbers in {"negative_stride": (0, (12, 5), (5, -1)), "negative_shape": (0, (-12, 5), (5, 1)), "axes_and_strides": (0, (12, 5), (5,))}.items():
    refused(f"{name}.pt", with_pickle(tensor(*numbers), "tensor.pt"), "E204", "a call of torch._utils._rebuild_tensor_v2")
refused("not_of_torch_save.pt", archive([("archive/data.txt", b"content"), ("archive/version", b"3")]), "E205", "not one of torch.save")
refused("expanded_beyond_memory.pt", with_pickle(tensor(0, (2**40, 2), (0, 0)), "tensor.pt"), "E220", "needed at once", "matrix")
refused("many_axes.pt", with_pickle(tensor(0, (1,) * 65, (1,) * 65), "tensor.pt"), "E204", "a call of torch._utils._rebuild_tensor_v2")
refused("list_in_itself.pt", with_pickle(b"\x80\x02]q\x00h\x00a."), "E204", "nests deeper")
doubling = b"\x80\x02]q\x00" + b"".join(b"](h%ch%ceq%c" % (i, i, i + 1) for i in range(30)) + b"."
refused("lists_that_double.pt", with_pickle(doubling), "E204", "claims more than")
refused("deep_lists.pt", with_pickle(b"\x80\x02" + b"]" * 5000 + b"a" * 4999 + b"."), "E204", "nests deeper")
refused("memo_of_nothing.pt", with_pickle(b"\x80\x02h\x07."), "E204", "no memo 7")
refused("string_beyond_the_pickle.pt", with_pickle(b"\x80\x02X\xff\xff\xff\x7f."), "E204", "2147483647 characters")
refused("one_key_twice.pt", of({"a": {"b": x}, "a.b": x}), "E206", 'called "a.b"')
out = ROOT / "malformed" / "pt"
out.mkdir(parents=True, exist_ok=True)
for old in out.glob("*.pt"):
    old.unlink()
for name, content in bad_files.items():
    (out / name).write_bytes(content)
(out / "expected.json").write_text(json.dumps(bad, indent=1) + "\n")
