"""A gate on a training: looks at a fixed batch now and then, and says when to stop."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from ._arrays import arrays_of_step
from ._evaluate import Embed, embed_batch
from ._monitor import Monitor
from ._ranks import agreed, gathered, is_first
from ._save import StrPath, save_step
from ._verdict import CollapseError, Verdict

LOGGER = logging.getLogger("embedding_collapse")

GO_ON, STOP, FAIL = 0, 1, 2


class CollapseGate:
    """Embeds a fixed evaluation batch every `every` steps, checks it, and says whether to stop.

    ::

        gate = CollapseGate("runs/exp1", batch, every=500)
        for step in range(1, steps + 1):
            train(model)
            if gate(model, step):
                break

    `batch` is what the model takes: a tensor, a tuple or a dict of them. `embed(model, batch)` returns the embeddings,
    where calling the model does not: `(prediction, target)`, a dict by role, or embeddings alone. Both happen in
    eval mode and leave the training as it was. Call the gate on every rank: each embeds, for a sharded model needs
    all of them; rank 0 judges its own rows (those of all ranks with `gather=True`, where each has rows of its own), and
    all ranks get its answer.

    `after` is the last step of the warm-up. `stop=False` never stops. `save=True` also writes the arrays as files.
    Other flags are those of `collapse check`. An input that cannot be read is logged and stops nothing; flags that
    cannot be used raise CollapseError at once.
    """

    def __init__(
        self,
        run: StrPath,
        batch: Any,
        *,
        embed: Embed | None = None,
        every: int = 100,
        stop: bool = True,
        save: bool = False,
        gather: bool = False,
        log: Callable[[dict[str, float], int], None] | None = None,
        **flags: Any,
    ) -> None:
        if every < 1 or every != int(every):
            raise ValueError(f"every must be a whole number of 1 or more, not {every}")
        self.run = run
        self.batch = batch
        self.embed = embed
        self.every = every
        self.stops = stop
        self.saves = save
        self.gathers = gather
        #: Called on rank 0 with the scalars of a step and its number.
        self.log = log
        #: What was said last; None on other ranks than 0, and before the first check.
        self.verdict: Verdict | None = None
        self._flags = flags
        self._monitor: Monitor | None = None
        self._seen: int | None = None
        self._said: tuple[str | None, str | None] | None = None

    def __call__(self, model: Any, step: int) -> bool:
        """Return whether to stop after this step; mostly without doing anything."""
        return self.is_due(step) and self.check(model, step)

    def is_due(self, step: int) -> bool:
        """Whether a multiple of `every` was reached since the last call; once a step, and never at step 0."""
        if self._seen is None or step < self._seen:
            self._seen = max(step - 1, 0)
        due = step // self.every > self._seen // self.every
        self._seen = step
        return due

    def start(self) -> None:
        """Start the process that judges, on rank 0. Raises CollapseError where the flags cannot be used."""
        if self._monitor is None and is_first():
            self._monitor = Monitor(self.run, **self._flags)

    def check(self, model: Any, step: int) -> bool:
        """Embed and judge this step, due or not; return whether to stop. Call it on every rank."""
        arrays = arrays_of_step(embed_batch(model, self.batch, self.embed))
        if self.gathers:
            arrays = gathered(arrays)
        error: BaseException | None = None
        answer = GO_ON
        if is_first():
            try:
                answer = STOP if self._judge(step, arrays) else GO_ON
            except BaseException as raised:  # The other ranks wait for an answer.
                error, answer = raised, FAIL
        answer = agreed(answer)
        if error is not None:
            raise error
        if answer == FAIL:
            raise CollapseError("rank 0 could not check; its own message says why", 70)
        return answer == STOP

    def close(self) -> None:
        """End the process that judges."""
        if self._monitor is not None:
            self._monitor.close()

    def _judge(self, step: int, arrays: dict[str, Any]) -> bool:
        if self.saves:
            save_step(self.run, step, **arrays, rank=None, overwrite=True)
        self.start()
        assert self._monitor is not None
        try:
            verdict = self._monitor.check(step, **arrays)
        except CollapseError as error:
            if error.exit_code == 2:
                raise
            LOGGER.warning("embedding-collapse could not judge all of step %d: %s", step, error)
            if error.verdict is None or error.verdict.step != step:
                return False
            verdict = error.verdict
        self.verdict = verdict
        if self.log is not None and verdict.step == step:
            self.log(verdict.scalars(), step)
        self._say(verdict)
        return verdict.stop and self.stops

    def _say(self, verdict: Verdict) -> None:
        """Log a verdict where it is another than the one before."""
        label = None if verdict.diagnosis is None else verdict.diagnosis.label
        said = (verdict.level, label if verdict.level is not None else None)
        if said != self._said and (verdict.level is not None or self._said is not None):
            level = logging.INFO if verdict.level is None else logging.WARNING
            LOGGER.log(level, "embedding-collapse, %s: %s", verdict.run, verdict)
        self._said = said
