"""Arrays of any library as NumPy's, without a number changed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

ROLES = ("prediction", "target", "context", "mask", "label", "group", "kl_reg")

# Of what is known of each row; the axes that it may have.
_AXES = {"label": (1, 2), "group": (1,)}


def to_numpy(value: Any) -> Array:
    """Return `value` as an array of a type that files hold.

    torch tensors of any device, with or without gradients, DTensors (gathered: call it on every rank), JAX arrays,
    lists and NumPy's own. bfloat16 and float8 become float32, which holds each of their values exactly.
    """
    if hasattr(value, "full_tensor"):
        value = value.full_tensor()
    if hasattr(value, "detach"):
        value = value.detach()
        if value.is_floating_point() and str(value.dtype) not in _TORCH_FLOATS:
            value = value.float()
        value = value.cpu().resolve_conj().resolve_neg().numpy()
    elif isinstance(value, (list, tuple)) and any(hasattr(part, "detach") for part in value):
        value = np.stack([to_numpy(part) for part in value])
    array = np.asarray(value)
    if array.dtype.kind == "V" or array.dtype.name.startswith(("bfloat16", "float8")):
        array = array.astype(np.float32)
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        raise TypeError(f"embeddings, and what is known of their rows, are numbers, not {array.dtype}")
    return array


def whole_number(step: Any) -> int:
    """Return the number of a step as an int: of Python, NumPy or torch. Raises ValueError for what is none."""
    try:
        number = int(step)
        if number == step and 0 <= number < 2**53 and not isinstance(step, (bool, str, bytes)):
            return number
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError(f"step must be a whole number from 0 on, not {step!r}")


_TORCH_FLOATS = frozenset({"torch.float16", "torch.float32", "torch.float64"})


def arrays_of_step(given: Mapping[str, Any]) -> dict[str, Array]:
    """Return the roles that have a value, in order. Raises ValueError where there is no prediction."""
    arrays = {role: to_numpy(given[role]) for role in ROLES if given.get(role) is not None}
    for role, axes in _AXES.items():
        if role in arrays and arrays[role].ndim not in axes:
            shapes = " or ".join(("[rows]", "[rows, K]")[: len(axes)])
            raise ValueError(f"{role} is {shapes}, not an array of shape {arrays[role].shape}")
    if "prediction" not in arrays:
        raise ValueError("prediction is missing: it is the array that is judged")
    if "kl_reg" in arrays and arrays["kl_reg"].size != 1:
        raise ValueError(f"kl_reg is one number a step, not an array of shape {arrays['kl_reg'].shape}")
    return arrays


def to_npz(arrays: Mapping[str, Array]) -> bytes:
    """Return the arrays as the bytes of an uncompressed .npz file."""
    file = io.BytesIO()
    save: Any = np.savez
    save(file, **{role: np.ascontiguousarray(array) for role, array in arrays.items()})
    return file.getvalue()


def to_npy(array: Array) -> bytes:
    """Return one array as the bytes of an .npy file."""
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()


def process_rank() -> int | None:
    """Return this process's rank where an initialised torch process group has several; else None."""
    import sys

    torch = sys.modules.get("torch")
    distributed = getattr(torch, "distributed", None)
    if distributed is None or not distributed.is_available() or not distributed.is_initialized():
        return None
    return int(distributed.get_rank()) if distributed.get_world_size() > 1 else None
