"""The gate as a callback of Lightning."""

from __future__ import annotations

import contextlib
from typing import Any

from ._gate import CollapseGate
from ._save import StrPath

try:
    from lightning.pytorch import Callback
except ImportError:
    from pytorch_lightning import Callback


class LightningCallback(Callback):
    """Ends a Lightning training whose embeddings collapse.

    ::

        trainer = L.Trainer(callbacks=[LightningCallback("runs/exp1", batch, every=500)])

    Takes what `CollapseGate` takes; steps are the trainer's `global_step`. The metrics go to the trainer's loggers as
    `collapse/…`. It acts on training batches alone: not in sanity validation, and once a step where gradients
    accumulate.
    """

    def __init__(self, run: StrPath, batch: Any, **options: Any) -> None:
        self.gate = CollapseGate(run, batch, **options)

    def on_fit_start(self, trainer: Any, pl_module: Any) -> None:
        self.gate.start()
        if self.gate.log is None and trainer.loggers:
            self.gate.log = lambda scalars, step: _log(trainer, scalars, step)

    def on_train_batch_end(self, trainer: Any, pl_module: Any, *_: Any) -> None:
        if not self.gate.is_due(trainer.global_step):
            return
        # As in a training step: its float type is the default one, so that what the model creates has it too.
        plugin = getattr(trainer, "precision_plugin", None)
        context = contextlib.nullcontext() if plugin is None else plugin.forward_context()
        with context:
            stop = self.gate.check(_module_to_run(trainer, pl_module), trainer.global_step)
        # Never taken back: max_steps, EarlyStopping and others may have set it.
        trainer.should_stop = trainer.should_stop or stop

    def on_fit_end(self, trainer: Any, pl_module: Any) -> None:
        self.gate.close()

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        self.gate.close()


def _module_to_run(trainer: Any, pl_module: Any) -> Any:
    """Return the module; within FSDP's wrapper where there is one, for the parameters are whole only in its forward."""
    wrapped = trainer.strategy.model
    return wrapped if type(wrapped).__name__ == "FullyShardedDataParallel" else pl_module


def _log(trainer: Any, scalars: dict[str, float], step: int) -> None:
    for logger in trainer.loggers:
        logger.log_metrics(scalars, step)
