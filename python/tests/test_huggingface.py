from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytest.importorskip("accelerate")

from jobs import BATCH, Jepa, batches, same_weights  # noqa: E402

from embedding_collapse import HuggingFaceCallback  # noqa: E402


class Model(torch.nn.Module):
    def __init__(self, collapses_from: int | None = None) -> None:
        super().__init__()
        self.jepa = Jepa()
        self.collapses_from = collapses_from
        self.calls = 0

    def forward(self, x: Any, labels: Any = None) -> Any:
        if not self.training:
            return dict(zip(("prediction", "target", "loss"), (*self.jepa(x), torch.tensor(1.0))))
        self.calls += 1
        collapses = self.collapses_from is not None and self.calls > self.collapses_from
        return {"loss": self.jepa.loss(x, collapses)}


class Data(torch.utils.data.Dataset):  # type: ignore[type-arg]
    def __init__(self, rows: int = 64 * 400) -> None:
        self.x = batches().reshape(-1, 24)[:rows]

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, i: int) -> dict[str, Any]:
        return {"x": self.x[i], "labels": torch.tensor(0)}


def fit(
    gate: HuggingFaceCallback | None, run: Path, model: Any = None, callbacks: tuple[Any, ...] = (), **options: Any
) -> Any:
    arguments = transformers.TrainingArguments(
        output_dir=str(run.parent / "out"),
        per_device_train_batch_size=64,
        use_cpu=True,
        disable_tqdm=True,
        seed=5,
        **{
            "max_steps": 100,
            "learning_rate": 1e-3,
            "report_to": [],
            "save_strategy": "no",
            "logging_strategy": "no",
            **options,
        },
    )
    trainer = transformers.Trainer(
        model=model or Model(),
        args=arguments,
        train_dataset=Data(),
        eval_dataset=Data(64),
        callbacks=[*callbacks, *([] if gate is None else [gate])],
    )
    trainer.train()
    return trainer


def gate_on(run: Path, **options: Any) -> HuggingFaceCallback:
    return HuggingFaceCallback(run, {"x": BATCH}, **{"every": 20, "after": 20, **options})


@pytest.mark.parametrize(
    "options",
    [{}, {"gradient_accumulation_steps": 2, "max_steps": 60}, {"bf16": True}],
    ids=["plain", "accumulate", "bf16"],
)
def test_a_healthy_job_ends_as_if_there_were_no_callback(run: Path, options: dict[str, Any]) -> None:
    with_gate, without = Model(), Model()
    steps: list[int] = []
    trainer = fit(gate_on(run, log=lambda _, step: steps.append(step)), run, with_gate, **options)
    fit(None, run, without, **options)
    most = options.get("max_steps", 100)
    assert trainer.state.global_step == most
    assert same_weights(with_gate, without)
    assert steps == list(range(40, most + 1, 20))


def test_a_collapsing_job_stops_and_logs(run: Path) -> None:
    options = {"max_steps": 400, "logging_strategy": "steps", "logging_steps": 20}
    trainer = fit(
        gate_on(run),
        run,
        Model(collapses_from=100),
        max_grad_norm=1e9,
        optim="sgd",
        learning_rate=0.05,
        lr_scheduler_type="constant",
        **options,
    )
    step = trainer.state.global_step
    assert 100 < step <= 400 and gate_stopped(trainer)
    history = trainer.state.log_history
    logged = [line["step"] for line in history if "collapse/pred_var_per_dim" in line]
    assert logged == list(range(40, step + 1, 20))
    # The loss of these steps is logged too.
    assert [line["step"] for line in history if "loss" in line][:5] == [20, 40, 60, 80, 100]


def gate_stopped(trainer: Any) -> bool:
    return bool(trainer.control.should_training_stop)


def test_max_steps_and_early_stopping_still_stop(run: Path) -> None:
    options = {
        "eval_strategy": "steps",
        "eval_steps": 10,
        "save_strategy": "steps",
        "save_steps": 10,
        "metric_for_best_model": "eval_loss",
        "greater_is_better": False,
        "max_steps": 200,
    }

    def early() -> Any:
        return transformers.EarlyStoppingCallback(early_stopping_patience=2)

    alone = fit(None, run, callbacks=(early(),), **options).state.global_step
    assert alone < 100
    assert fit(gate_on(run, every=10, after=10), run, callbacks=(early(),), **options).state.global_step == alone
