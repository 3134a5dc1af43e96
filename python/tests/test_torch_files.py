"""What the tool advises for files of torch.save that it does not read, run as it stands, by torch itself."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embedding_collapse import CollapseError, check

torch = pytest.importorskip("torch")

X = torch.randn(24, 6)
Y = torch.randn(24, 6)


def refusal(path: Path) -> str:
    with pytest.raises(CollapseError) as raised:
        check(path)
    assert raised.value.exit_code == 3
    return str(raised.value)


def quantized(tensor: Any) -> Any:
    return torch.quantize_per_tensor(tensor, 0.1, 0, torch.qint8)


READ_BY_TORCH = {
    "numpy": {"prediction": X.numpy(), "target": Y.numpy()},
    "numpy and what else a loop has": {
        "prediction": X.numpy(),
        "target": Y,
        "step": 3,
        "lr": np.float32(0.1),
        "n": "a",
    },
    "sparse": {"prediction": X.relu().to_sparse(), "target": Y},
    "rows of sparse": {"prediction": X.relu().to_sparse_csr(), "target": Y.bfloat16()},
    "quantized": OrderedDict(prediction=quantized(X), target=quantized(Y)),
}


@pytest.mark.parametrize("kind", READ_BY_TORCH)
def test_its_line_converts_what_torch_reads(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "it's one.pt"
    torch.save(READ_BY_TORCH[kind], path)
    line = re.search("convert it: `(.*)`", refusal(path))
    assert line is not None
    subprocess.run([sys.executable, "-W", "ignore", "-c", line[1]], check=True)
    assert set(check(path.with_suffix(".npz")).scalars()) > {"collapse/pred_r2", "collapse/target_var_per_dim"}


def test_its_line_rewrites_a_file_of_the_old_format(tmp_path: Path) -> None:
    path = tmp_path / "it's old.pt"
    torch.save({"prediction": X, "target": Y.T.contiguous().T}, path, _use_new_zipfile_serialization=False)
    line = re.search("as a zip: `(.*)`", refusal(path))
    assert line is not None
    subprocess.run([sys.executable, "-c", line[1]], check=True)
    assert "collapse/pred_r2" in check(path).scalars()


@pytest.mark.parametrize("legacy", [True, False])
def test_a_module_is_not_converted(legacy: bool, tmp_path: Path) -> None:
    path = tmp_path / "step_5.pt"
    torch.save(torch.nn.Linear(2, 2), path, _use_new_zipfile_serialization=not legacy)
    said = refusal(path)
    assert "torch.nn.modules.linear.Linear" in said
    assert "weights and modules are not embeddings" in said


@pytest.mark.parametrize(
    "tensor",
    [torch.randn(24, 6).to(torch.complex64), torch._neg_view(X), X.to(torch.float8_e5m2)],
    ids=["complex", "negative bit", "float8"],
)
def test_its_line_makes_plain_numbers_of_a_tensor(tensor: Any, tmp_path: Path) -> None:
    path = tmp_path / "step_5.pt"
    torch.save(tensor, path)
    line = re.search("`(tensor = .*)`", refusal(path))
    assert line is not None
    names = {"torch": torch, "tensor": tensor}
    exec(line[1], names)
    torch.save(names["tensor"], path)
    assert check(path, target="none").step == 5


def test_its_line_gathers_a_dtensor(tmp_path: Path) -> None:
    distributed = pytest.importorskip("torch.distributed.tensor")
    mesh = pytest.importorskip("torch.distributed.device_mesh")
    group = torch.distributed
    group.init_process_group("gloo", init_method=f"file://{tmp_path}/store", rank=0, world_size=1)
    try:
        sharded = distributed.distribute_tensor(X, mesh.init_device_mesh("cpu", (1,)), [distributed.Shard(0)])
        path = tmp_path / "step_5.pt"
        torch.save(sharded, path)
        line = re.search("`(prediction = .*)`", refusal(path))
        assert line is not None
        names = {"prediction": sharded}
        exec(line[1], names)
        torch.save(names["prediction"], path)
        assert check(path, target="none").step == 5
    finally:
        group.destroy_process_group()
