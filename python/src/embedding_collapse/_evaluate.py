"""Runs a model on a fixed batch and leaves the training as it was."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator, Mapping
from typing import Any, Callable

import numpy as np

Embed = Callable[[Any, Any], Any]

#: What a model's output may call its arrays, beside the roles' own names; the first that is there is taken.
ALIASES: dict[str, tuple[str, ...]] = {
    "prediction": ("prediction", "pred", "predicted", "z_pred", "z_hat", "predictor_output", "student", "online"),
    "target": ("target", "tgt", "z_target", "target_encoder_output", "teacher"),
    "context": ("context",),
    "mask": ("mask",),
    "kl_reg": ("kl_reg",),
}
#: Where there is no prediction: embeddings alone.
ALONE = ("embeddings", "embedding", "features", "latents", "last_hidden_state", "image_embeds", "pooler_output")


def embed_batch(model: Any, batch: Any, embed: Embed | None = None) -> dict[str, Any]:
    """Return the arrays by role that `embed(model, batch)`, else the model itself, makes of the batch.

    The model runs without gradients and in eval mode, on the batch moved to its device and cast to its float type.
    Modes, random states and buffers, such as the statistics of batch norms, are afterwards what they were, bit for bit.
    """
    if not hasattr(model, "named_modules"):  # JAX and others, which keep no modes.
        return roles_of(embed(model, batch) if embed is not None else _call(model, batch))
    import torch

    model = without_ddp(model)
    parameter = next(iter(model.parameters()), None)
    if parameter is not None:
        batch = moved(batch, parameter.device, _float_type_of(model, torch), torch)
    with untouched(model, torch), torch.no_grad():
        model.eval()
        return roles_of(embed(model, batch) if embed is not None else _call(model, batch))


def without_ddp(model: Any) -> Any:
    """Return the module within DistributedDataParallel, whose own forward sends batch norm's statistics around."""
    return model.module if type(model).__name__ == "DistributedDataParallel" else model


def _call(model: Any, batch: Any) -> Any:
    if isinstance(batch, Mapping):
        return model(**batch)
    return model(*batch) if isinstance(batch, (tuple, list)) else model(batch)


def _float_type_of(model: Any, torch: Any) -> Any:
    ordinary = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
    return next((p.dtype for p in model.parameters() if p.dtype in ordinary), None)


def moved(batch: Any, device: Any, dtype: Any, torch: Any) -> Any:
    """Return the batch with every tensor on the device, and those of floats of that type."""
    if isinstance(batch, torch.Tensor):
        floats = batch.is_floating_point() and dtype is not None
        return batch.to(device=device, dtype=dtype) if floats else batch.to(device=device)
    if isinstance(batch, Mapping):
        return {key: moved(value, device, dtype, torch) for key, value in batch.items()}
    if isinstance(batch, tuple) and hasattr(batch, "_fields"):
        return type(batch)(*(moved(value, device, dtype, torch) for value in batch))
    if isinstance(batch, (tuple, list)):
        return type(batch)(moved(value, device, dtype, torch) for value in batch)
    return batch


@contextlib.contextmanager
def untouched(model: Any, torch: Any) -> Iterator[None]:
    """Put back, at the end, the mode and the buffers of each module, and every random state."""
    modes = [(module, module.training) for module in model.modules()]
    # Statistics of batch norms, a teacher's centre, a queue: some are moved in eval mode too, and some replaced.
    buffers = [
        (module, name, buffer, None if buffer is None else buffer.detach().clone())
        for module in model.modules()
        for name, buffer in module._buffers.items()
    ]
    states = [(put, get()) for get, put in _random_states(torch)]
    try:
        yield
    finally:
        for module, mode in modes:
            module.training = mode
        with torch.no_grad():
            for module, name, buffer, before in buffers:
                module._buffers[name] = buffer if buffer is None else buffer.copy_(before)
        for put, state in states:
            put(state)


def _random_states(torch: Any) -> Iterator[tuple[Callable[[], Any], Callable[[Any], Any]]]:
    yield random.getstate, random.setstate
    yield np.random.get_state, np.random.set_state
    yield torch.get_rng_state, torch.set_rng_state
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        yield torch.cuda.get_rng_state_all, torch.cuda.set_rng_state_all
    if torch.backends.mps.is_available():
        yield torch.mps.get_rng_state, torch.mps.set_rng_state


def roles_of(output: Any) -> dict[str, Any]:
    """Return a model's output by role: a mapping by its keys, a tuple in order, an array as embeddings alone.

    Raises TypeError where it has no prediction and no embeddings by a name that is known.
    """
    if hasattr(output, "_asdict"):
        output = output._asdict()
    if isinstance(output, Mapping):
        found = {role: next((output[n] for n in names if _has(output, n)), None) for role, names in ALIASES.items()}
        if found["prediction"] is None:
            found["prediction"] = next((output[name] for name in ALONE if _has(output, name)), None)
        if found["prediction"] is None:
            raise TypeError(
                f"the model's output has {', '.join(map(str, output))}, and none of them is a prediction: pass "
                "embed=lambda model, batch: (prediction, target)"
            )
        return {role: value for role, value in found.items() if value is not None}
    if isinstance(output, (tuple, list)):
        if not 1 <= len(output) <= 3:
            raise TypeError(f"{len(output)} outputs, where (prediction, target[, context]) is expected: pass embed=")
        return {role: value for role, value in zip(("prediction", "target", "context"), output) if value is not None}
    if hasattr(output, "shape"):
        return {"prediction": output}
    raise TypeError(f"an output of type {type(output).__name__} holds no embeddings: pass embed=")


def _has(output: Mapping[Any, Any], name: str) -> bool:
    return name in output and output[name] is not None
