"""What the ranks of a torch process group tell each other; nothing where there is one process."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from ._arrays import Array, process_rank


def is_first() -> bool:
    """Whether this process judges: the only one, or rank 0."""
    return process_rank() in (None, 0)


def agreed(value: int) -> int:
    """Return rank 0's value on every rank."""
    if process_rank() is None:
        return value
    torch = sys.modules["torch"]
    distributed: Any = torch.distributed
    # NCCL sends what lies on a GPU, gloo what lies in memory.
    device = "cuda" if "nccl" in str(distributed.get_backend()) else "cpu"
    tensor = torch.tensor([value], device=device)
    distributed.broadcast(tensor, src=0)
    return int(tensor.item())


def gathered(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return, on rank 0, the rows of every rank in rank order; elsewhere those of this rank."""
    rank = process_rank()
    if rank is None:
        return dict(arrays)
    distributed: Any = sys.modules["torch"].distributed
    parts: list[Any] | None = [None] * distributed.get_world_size() if rank == 0 else None
    distributed.gather_object(dict(arrays), parts, dst=0)
    if parts is None:
        return dict(arrays)
    return {
        role: array if role == "kl_reg" else np.concatenate([part[role] for part in parts])
        for role, array in arrays.items()
    }
