from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
L = pytest.importorskip("lightning.pytorch")

from jobs import BATCH, Jepa, batches, same_weights  # noqa: E402

from embedding_collapse import LightningCallback  # noqa: E402

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)


class Module(L.LightningModule):
    def __init__(self, collapses_from: int | None = None) -> None:
        super().__init__()
        self.jepa = Jepa()
        self.collapses_from = collapses_from

    def forward(self, x: Any) -> Any:
        return self.jepa(x)

    def training_step(self, batch: Any, _: int) -> Any:
        return self.jepa.loss(batch, self.collapses_from is not None and self.global_step >= self.collapses_from)

    def validation_step(self, batch: Any, _: int) -> None:
        self.log("val_loss", torch.tensor(1.0))

    def configure_optimizers(self) -> Any:
        return torch.optim.SGD(self.parameters(), lr=0.05)


class Scalars(L.loggers.logger.Logger):  # type: ignore[misc]
    """Keeps what is logged."""

    name = version = "x"

    def __init__(self) -> None:
        super().__init__()
        self.logged: list[tuple[int, dict[str, float]]] = []

    def log_metrics(self, metrics: dict[str, float], step: int | None = None) -> None:
        self.logged.append((step or 0, dict(metrics)))

    def log_hyperparams(self, *_: Any, **__: Any) -> None: ...


def loader(count: int = 400) -> Any:
    return torch.utils.data.DataLoader(batches(count), batch_size=None)


def fit(
    gate: LightningCallback | None, module: Module | None = None, callbacks: tuple[Any, ...] = (), **options: Any
) -> Any:
    warnings.filterwarnings("ignore")
    module = module or Module()
    torch.manual_seed(4)
    validates = options.pop("validates", False)
    trainer = L.Trainer(
        accelerator="cpu",
        callbacks=[*callbacks, *([] if gate is None else [gate])],
        logger=options.pop("logger", False),
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        **{"max_steps": 120, **options},
    )
    trainer.fit(module, loader(), loader(4) if validates else None)
    return trainer


def gate_on(run: Path, **options: Any) -> LightningCallback:
    return LightningCallback(run, BATCH, **{"every": 20, "after": 20, **options})


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"precision": "bf16-mixed"},
        {"precision": "bf16-true"},
        {"accumulate_grad_batches": 4, "max_steps": 60},
        {"validates": True, "val_check_interval": 10},
    ],
    ids=["plain", "bf16-mixed", "bf16-true", "accumulate", "validation"],
)
def test_a_healthy_job_ends_as_if_there_were_no_callback(run: Path, options: dict[str, Any]) -> None:
    with_gate, without = Module(), Module()
    steps: list[int] = []
    gate = gate_on(run, log=lambda _, step: steps.append(step))
    trainer = fit(gate, with_gate, **options)
    fit(None, without, **options)
    most = options.get("max_steps", 120)
    assert trainer.global_step == most
    assert same_weights(with_gate, without)
    assert steps == list(range(40, most + 1, 20))


def test_a_collapsing_job_stops(run: Path) -> None:
    logger = Scalars()
    trainer = fit(gate_on(run), Module(collapses_from=120), max_steps=400, logger=logger)
    # The rules wait for up to four checks.
    assert 120 < trainer.global_step <= 300
    assert trainer.should_stop
    steps = [step for step, metrics in logger.logged if "collapse/pred_var_per_dim" in metrics]
    assert steps == list(range(40, trainer.global_step + 1, 20))


def test_others_still_stop(run: Path) -> None:
    def early() -> Any:
        return L.callbacks.EarlyStopping("val_loss", patience=2)

    options = {"validates": True, "val_check_interval": 10, "max_steps": 400}
    alone = fit(None, callbacks=(early(),), **options).global_step
    assert alone < 100
    assert fit(gate_on(run, every=10, after=10), callbacks=(early(),), **options).global_step == alone


def test_sanity_validation_is_no_step(run: Path) -> None:
    gate = gate_on(run, every=1, after=0, fail_if="pred_var_per_dim > 0")
    assert fit(gate, validates=True).global_step == 1
