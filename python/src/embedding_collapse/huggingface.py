"""The gate as a callback of Hugging Face's Trainer."""

from __future__ import annotations

import sys
from typing import Any

from transformers import TrainerCallback

from ._gate import CollapseGate
from ._save import StrPath


class HuggingFaceCallback(TrainerCallback):
    """Ends a training by Hugging Face's Trainer whose embeddings collapse.

    ::

        gate = HuggingFaceCallback("runs/exp1", batch, every=500)
        trainer = Trainer(model, args, train_dataset=data, callbacks=[gate])

    Takes what `CollapseGate` takes; steps are `state.global_step`. The metrics go to `trainer.log` as `collapse/…`, and
    so to its history and wherever it reports.
    """

    def __init__(self, run: StrPath, batch: Any, **options: Any) -> None:
        self.gate = CollapseGate(run, batch, **options)
        self._logs_itself = self.gate.log is None

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self.gate.start()
        if self._logs_itself:
            trainer = _calling_trainer()
            self.gate.log = lambda scalars, step: _log(trainer, state, control, scalars, step)

    def on_step_end(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
        if self.gate.is_due(state.global_step) and self.gate.check(model, state.global_step):
            # Never taken back: max_steps, EarlyStoppingCallback and others may have set it.
            control.should_training_stop = True

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self.gate.close()


def _calling_trainer() -> Any:
    """Return the Trainer that calls this callback, and hands it everything but itself; None where it is not found."""
    frame = sys._getframe(1)
    while frame is not None:
        caller = frame.f_locals.get("self")
        if hasattr(caller, "callback_handler") and hasattr(caller, "log"):
            return caller
        frame = frame.f_back  # type: ignore[assignment]
    return None


def _log(trainer: Any, state: Any, control: Any, scalars: dict[str, float], step: int) -> None:
    if trainer is None:
        state.log_history.append({**scalars, "step": step})
        return
    # Logging ends with "nothing more to log", and the loss of this step may still be.
    should_log = control.should_log
    trainer.log(scalars)
    control.should_log = should_log
