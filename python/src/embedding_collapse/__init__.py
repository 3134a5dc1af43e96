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
    from .huggingface import HuggingFaceCallback as HuggingFaceCallback
    from .lightning import LightningCallback as LightningCallback

# Without the callbacks: `import *` and pydoc load all that is named here, and what callbacks need may be missing.
__all__ = [
    "CollapseError",
    "CollapseGate",
    "Diagnosis",
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

#: What is imported where it is used, by its name for pip.
_NEEDS = {"HuggingFaceCallback": "transformers", "LightningCallback": "lightning"}

__version__: str


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("embedding-collapse")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    try:
        return getattr(import_module(f".{_HOME[name]}", __name__), name)
    except ModuleNotFoundError as error:
        if name not in _NEEDS or (error.name or "").startswith(__name__):
            raise
        raise ImportError(f"{name} needs {_NEEDS[name]}, which is not installed: {error}", name=error.name) from error


def __dir__() -> list[str]:
    return sorted(__all__)
