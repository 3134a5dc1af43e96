"""Writes the embeddings of one step as files that `collapse check` finds."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any, Union

from ._arrays import ROLES, arrays_of_step, process_rank, to_npy, whole_number

StrPath = Union[str, "os.PathLike[str]"]


def save_step(
    run: StrPath,
    step: int,
    *,
    prediction: Any,
    target: Any = None,
    context: Any = None,
    mask: Any = None,
    label: Any = None,
    group: Any = None,
    kl_reg: Any = None,
    rank: int | str | None = "auto",
    overwrite: bool = False,
) -> Path:
    """Write `run/step_00000500/{prediction,target,…}.npy` and return the step's folder.

    Arrays are [N, D] or have more axes, the last the dimensions: torch (any float type; bfloat16 is kept exactly, as
    float32), JAX or NumPy. `label` is a class of each row, [rows], or factors, [rows, K]; `group` says which rows are
    views of one sample, [rows]: metrics such as pred_knn_accuracy and pred_lidar read them (`--metrics all`).

    Each file is written whole or not at all, the prediction last. Where an initialised torch process group has several
    ranks, each writes files of its own (`prediction_rank0.npy`), to be joined by rows; call a barrier before the step
    is checked. `rank=None` writes plain names, for arrays that were gathered.

    A step that is there already with other numbers raises FileExistsError, unless `overwrite` is true.
    """
    number = whole_number(step)
    arrays = arrays_of_step(
        {
            **{"prediction": prediction, "target": target, "context": context, "mask": mask},
            **{"label": label, "group": group, "kl_reg": kl_reg},
        }
    )
    own_rank = process_rank() if rank == "auto" else rank
    if own_rank is not None and int(own_rank) < 0:
        raise ValueError(f"rank must be a number from 0 on, not {own_rank!r}")
    suffix = "" if own_rank is None else f"_rank{int(own_rank)}"
    folder = Path(run) / f"step_{number:08d}"
    files = {}
    kl = arrays.pop("kl_reg", None)
    if kl is not None and own_rank in (None, 0):
        files["kl_reg.json"] = f"{json.dumps(float(kl.reshape(())))}\n".encode()
    for role in ("context", "mask", "label", "group", "target", "prediction"):
        if role in arrays:
            files[f"{role}{suffix}.npy"] = to_npy(arrays[role])
    if overwrite:
        # Killed from here on, the step has no prediction, rather than arrays of which some are old; and a role that
        # is not given now is none of the step's.
        for role in ROLES:
            (folder / f"{role}{suffix}.npy").unlink(missing_ok=True)
        if own_rank in (None, 0):
            (folder / "kl_reg.json").unlink(missing_ok=True)
    for name, content in files.items():
        if _differs(folder / name, content):
            raise _is_there(folder / name)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        _write(folder / name, content, overwrite)
    return folder


def _differs(path: Path, content: bytes) -> bool:
    """Whether a file is there with another content."""
    try:
        return path.read_bytes() != content
    except FileNotFoundError:
        return False


def _is_there(path: Path) -> FileExistsError:
    return FileExistsError(f"{path} is there with other numbers: save another step, or pass overwrite=True")


def _write(path: Path, content: bytes, overwrite: bool) -> None:
    """Make a file, whole or not at all. Raises FileExistsError where another process made it with other numbers."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        # As a file that open() makes: others may read it.
        os.chmod(temporary, 0o666 & ~_umask())
        if overwrite or not _links(temporary, path):
            os.replace(temporary, path)
    except FileExistsError:
        if _differs(path, content):
            raise _is_there(path) from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def _links(temporary: str, path: Path) -> bool:
    """Link, which replaces nothing, unlike a rename; False on a file system that has no links."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except (OSError, AttributeError, NotImplementedError):
        return False
    return True


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
