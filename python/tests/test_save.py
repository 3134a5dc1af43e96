from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import embeddings

from embedding_collapse import check, save_step


def torch_of(dtype: str) -> Any:
    def make(x: np.ndarray) -> Any:
        torch = pytest.importorskip("torch")
        return torch.tensor(x).to(getattr(torch, dtype))

    return make


def with_gradient(x: np.ndarray) -> Any:
    torch = pytest.importorskip("torch")
    return torch.tensor(x).bfloat16().requires_grad_() * 1


def jax_bfloat16(x: np.ndarray) -> Any:
    jax = pytest.importorskip("jax.numpy")
    return jax.asarray(x, jax.bfloat16)


def ml_dtypes_bfloat16(x: np.ndarray) -> Any:
    return x.astype(pytest.importorskip("ml_dtypes").bfloat16)


KINDS = [
    *(torch_of(dtype) for dtype in ("float16", "bfloat16", "float32", "float64", "float8_e4m3fn")),
    with_gradient,
    jax_bfloat16,
    ml_dtypes_bfloat16,
    lambda x: x,
    lambda x: x.astype(np.float64),
    lambda x: x.T.copy().T,
    lambda x: x.tolist(),
]


@pytest.mark.parametrize("kind", KINDS)
def test_arrays_of_every_kind(run: Path, kind: Any) -> None:
    for step in (100, 200):
        save_step(run, step, **{role: kind(array) for role, array in embeddings(step).items()})
    verdict = check(run)
    assert verdict.ok and verdict.step == 200
    assert verdict.scalars()["collapse/pred_var_per_dim"] == pytest.approx(1, abs=0.3)


def test_bfloat16_is_kept_exactly(run: Path) -> None:
    torch = pytest.importorskip("torch")
    tensor = torch.randn(8, 4).bfloat16()
    stored = np.load(save_step(run, 1, prediction=tensor) / "prediction.npy")
    assert stored.dtype == np.float32
    assert torch.equal(torch.tensor(stored).bfloat16(), tensor)
    assert torch.equal(torch.tensor(stored), tensor.float())


def test_all_roles(run: Path) -> None:
    arrays = embeddings(5)
    mask = np.arange(64) % 2 == 0
    folder = save_step(run, 5, **arrays, context=arrays["target"], mask=mask, kl_reg=0.25)
    assert sorted(path.name for path in folder.iterdir()) == [
        "context.npy",
        "kl_reg.json",
        "mask.npy",
        "prediction.npy",
        "target.npy",
    ]
    verdict = check(run)
    assert verdict.scalars("")["kl_reg"] == 0.25
    assert verdict.report["runs"][0]["steps"][0]["rows"] == 32


def test_a_step_is_not_replaced_by_accident(run: Path) -> None:
    save_step(run, 100, **embeddings(100))
    save_step(run, 100, **embeddings(100))
    with pytest.raises(FileExistsError, match=r"step_00000100.*overwrite=True"):
        save_step(run, 100, **embeddings(101))
    assert np.array_equal(np.load(run / "step_00000100/prediction.npy"), embeddings(100)["prediction"])
    save_step(run, 100, **embeddings(101), overwrite=True)
    assert np.array_equal(np.load(run / "step_00000100/prediction.npy"), embeddings(101)["prediction"])


def test_files_are_whole_and_readable_by_others(run: Path) -> None:
    folder = save_step(run, 100, **embeddings(100))
    umask = os.umask(0o022)
    os.umask(umask)
    assert stat.S_IMODE((folder / "target.npy").stat().st_mode) == 0o666 & ~umask
    assert not list(folder.glob(".*"))


def test_ranks(run: Path) -> None:
    for rank in (0, 1):
        save_step(run, 100, **embeddings(rank), rank=rank)
    assert check(run).report["runs"][0]["steps"][0]["rows"] == 128


@pytest.mark.parametrize(
    ("step", "arrays", "error"),
    [
        (-1, {"prediction": np.ones((2, 2))}, ValueError),
        (1.5, {"prediction": np.ones((2, 2))}, ValueError),
        (True, {"prediction": np.ones((2, 2))}, ValueError),
        (1, {"prediction": None}, ValueError),
        (1, {"prediction": np.array(["a"])}, TypeError),
        (1, {"prediction": np.ones((2, 2)), "kl_reg": [1, 2]}, ValueError),
    ],
)
def test_what_cannot_be_saved(run: Path, step: Any, arrays: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        save_step(run, step, **arrays)
    assert not run.exists()


def known_rows(rows: int = 64) -> dict[str, Any]:
    """Two classes, told apart by every embedding below, and two views of each sample."""
    return {"label": np.arange(rows) % 2, "group": np.arange(rows) // 2}


def of_two_classes(step: int) -> dict[str, np.ndarray]:
    arrays = embeddings(step)
    return {
        role: array + (40 * known_rows()["label"][:, None] - 20).astype(array.dtype) for role, array in arrays.items()
    }


def test_labels_and_groups_are_read(run: Path) -> None:
    metrics = "pred_knn_accuracy,pred_lidar,pred_probe_r2"
    save_step(run, 100, **of_two_classes(100), **known_rows())
    factors = np.stack([known_rows()["label"], np.arange(64) / 64], axis=1)
    save_step(run, 200, **of_two_classes(200), label=factors, group=known_rows()["group"])
    steps = check(run, metrics=metrics).report["runs"][0]["steps"]
    assert steps[0]["metrics"]["pred_knn_accuracy"] == 1
    assert steps[0]["metrics"]["pred_lidar"] > 1
    assert isinstance(steps[1]["metrics"]["pred_probe_r2"], float)


def test_labels_of_ranks_are_joined(run: Path) -> None:
    arrays, known = of_two_classes(100), known_rows()
    for rank in (0, 1):
        half = slice(32 * rank, 32 * (rank + 1))
        parts = {role: array[half] for role, array in {**arrays, **known}.items()}
        save_step(run, 100, **parts, rank=rank)
    metrics = check(run, metrics="pred_knn_accuracy").report["runs"][0]["steps"][0]["metrics"]
    assert metrics["pred_knn_accuracy"] == 1


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"label": np.zeros((2, 2, 2))}, ValueError),
        ({"label": 3}, ValueError),
        ({"group": np.zeros((64, 2))}, ValueError),
        ({"label": ["cat"] * 64}, TypeError),
    ],
)
def test_labels_of_another_form_are_refused(run: Path, given: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error, match=r"label|group|rows"):
        save_step(run, 100, **embeddings(100), **given)
    assert not run.exists()


@pytest.mark.parametrize("step", [-1, 1.5, True, "5", None, float("nan"), float("inf"), 2**53, "a"])
def test_what_is_no_step(run: Path, step: Any) -> None:
    with pytest.raises(ValueError, match="step must be a whole number from 0 on, not "):
        save_step(run, step, **embeddings(1))


@pytest.mark.parametrize("step", [5, 5.0, np.int32(5), np.float32(5)])
def test_steps_of_other_libraries(run: Path, step: Any) -> None:
    assert save_step(run, step, **embeddings(1)).name == "step_00000005"


def test_a_list_of_tensors_is_one_array(run: Path) -> None:
    torch = pytest.importorskip("torch")
    rows = [torch.randn(4, 3, requires_grad=True).bfloat16() for _ in range(2)]
    folder = save_step(run, 5, prediction=rows)
    assert np.array_equal(np.load(folder / "prediction.npy"), torch.stack(rows).detach().float().numpy())


def test_overwriting_leaves_nothing_of_the_step_before(run: Path) -> None:
    save_step(run, 5, **embeddings(1), mask=np.ones(64, bool), kl_reg=0.5)
    save_step(run, 5, **embeddings(2), overwrite=True)
    assert sorted(path.name for path in (run / "step_00000005").iterdir()) == ["prediction.npy", "target.npy"]
    assert np.array_equal(np.load(run / "step_00000005" / "target.npy"), embeddings(2)["target"])


SAVER = """
import sys
import numpy as np
from embedding_collapse import save_step
run, seed = sys.argv[1], int(sys.argv[2])
print(flush=True)
sys.stdin.readline()
for step in range(1, 31):
    array = np.full((64, 16), seed, np.float32)
    try:
        save_step(run, step, prediction=array, target=array)
    except FileExistsError:
        pass
"""


def saver(run: Path, seed: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SAVER, str(run), str(seed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_two_processes_do_not_mix_their_arrays(run: Path) -> None:
    both = [saver(run, seed) for seed in (1, 2)]
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in both:
        process.communicate()
        assert process.returncode == 0
    for folder in run.iterdir():
        prediction = folder / "prediction.npy"
        assert sorted(path.name for path in folder.iterdir() if path != prediction) == ["target.npy"]
        if prediction.exists():
            assert np.load(prediction)[0, 0] == np.load(folder / "target.npy")[0, 0]
    assert sum((folder / "prediction.npy").exists() for folder in run.iterdir()) > 25


def test_what_was_killed_while_it_saved_is_not_judged(run: Path) -> None:
    for step in (100, 200, 300):
        save_step(run, step, **embeddings(step))

    # As it is after a kill before the last file.
    class KilledError(BaseException):
        pass

    real = os.link

    def link(source: str, path: Path) -> None:
        if Path(path).name == "prediction.npy":
            raise KilledError
        real(source, path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "link", link)
        with pytest.raises(KilledError):
            save_step(run, 400, **embeddings(400))
    (run / "step_00000400" / ".prediction.npy.x1.tmp").write_bytes(b"half")
    verdict = check(run)
    assert verdict.step == 300 and len(verdict.warnings) == 1
    assert "step 400 has a target" in verdict.warnings[0] and "and no prediction" in verdict.warnings[0]
    save_step(run, 400, **embeddings(400))
    assert check(run).step == 400
