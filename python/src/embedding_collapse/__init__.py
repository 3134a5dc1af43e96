"""Tells whether a training run's embeddings are collapsing.

Names load when they are asked for: the console script must not wait for NumPy, nor a loop for torch.
"""

from __future__ import annotations

# typing itself costs the console script more than all of this.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._check import check
    from ._gate import CollapseGate
    from ._monitor import Monitor
    from ._save import save_step
    from ._verdict import CollapseError, Diagnosis, Verdict
    from .huggingface import HuggingFaceCallback
    from .lightning import LightningCallback

__all__ = [
    "CollapseError",
    "CollapseGate",
    "Diagnosis",
    "HuggingFaceCallback",
    "LightningCallback",
    "Monitor",
    "Verdict",
    "__version__",
    "check",
    "save_step",
]

_HOME = {
    "CollapseError": "_verdict",
    "CollapseGate": "_gate",
    "Diagnosis": "_verdict",
    "HuggingFaceCallback": "huggingface",
    "LightningCallback": "lightning",
    "Monitor": "_monitor",
    "Verdict": "_verdict",
    "check": "_check",
    "save_step": "_save",
}

__version__: str


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("embedding-collapse")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
