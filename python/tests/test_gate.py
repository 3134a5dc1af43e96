from __future__ import annotations

import logging
import random
from collections import namedtuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from jobs import BATCH, Jepa, batches, same_weights  # noqa: E402

from embedding_collapse import CollapseError, CollapseGate, check  # noqa: E402
from embedding_collapse._evaluate import embed_batch, roles_of  # noqa: E402


def train(gate: CollapseGate | None, steps: int = 200, collapses_from: int | None = None) -> tuple[Jepa, int]:
    model = Jepa()
    torch.manual_seed(3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for step, x in enumerate(batches(steps), 1):
        collapses = collapses_from is not None and step > collapses_from
        optimizer.zero_grad()
        model.loss(x, collapses).backward()
        optimizer.step()
        if gate is not None and gate(model, step):
            return model, step
    return model, steps


def test_a_healthy_loop_ends_as_if_there_were_no_gate(run: Path) -> None:
    scalars: list[int] = []
    gate = CollapseGate(run, BATCH, every=20, after=20, log=lambda _, step: scalars.append(step))
    model, step = train(gate)
    gate.close()
    assert step == 200 and same_weights(model, train(None)[0])
    assert scalars == list(range(40, 201, 20))
    assert gate.verdict is not None and gate.verdict.ok


def test_a_collapsing_loop_stops(run: Path, caplog: pytest.LogCaptureFixture) -> None:
    gate = CollapseGate(run, BATCH, every=20, after=20, save=True)
    with caplog.at_level(logging.WARNING, "embedding_collapse"):
        _, step = train(gate, 400, collapses_from=200)
    gate.close()
    assert 200 < step <= 320
    assert gate.verdict is not None and gate.verdict.stop and gate.verdict.step == step
    assert check(run, after=20).stop
    assert sum("collapse" in record.message for record in caplog.records) >= 1


def test_stop_false_never_stops_and_says_it_once(run: Path, caplog: pytest.LogCaptureFixture) -> None:
    gate = CollapseGate(run, BATCH, every=20, after=20, stop=False, fail_if="pred_var_per_dim > 0")
    with caplog.at_level(logging.WARNING, "embedding_collapse"):
        assert train(gate)[1] == 200
    gate.close()
    assert len([record for record in caplog.records if "collapse at step" in record.message]) == 1


def test_due() -> None:
    gate = CollapseGate("x", BATCH, every=10)
    assert [step for step in [0, 1, 9, 10, 10, 10, 11, 20, 25, 33, 40] if gate.is_due(step)] == [10, 20, 33, 40]
    resumed = CollapseGate("x", BATCH, every=10)
    assert [step for step in [1005, 1006, 1010, 1000, 1001, 1010] if resumed.is_due(step)] == [1010, 1000, 1010]
    assert not CollapseGate("x", BATCH, every=1).is_due(0)
    with pytest.raises(ValueError, match="every"):
        CollapseGate("x", BATCH, every=0)


class Noisy(torch.nn.Module):
    """Draws from every generator, has a frozen part, and moves buffers though it is in eval mode."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = torch.nn.BatchNorm1d(24)
        self.frozen = torch.nn.Dropout(0.5).eval()
        self.register_buffer("centre", torch.zeros(24))
        self.register_buffer("queue", torch.zeros(8, 24))
        self.register_buffer("made_later", None)

    def forward(self, x: Any) -> Any:
        self.norm.train()
        self.centre = 0.9 * self.centre + 0.1 * x.mean(0)
        self.queue[0] += 1
        self.made_later = torch.ones(1)
        random.random(), np.random.rand(), torch.rand(1)
        return self.norm(x), self.frozen(x)


def test_nothing_is_touched() -> None:
    model = Noisy().train()
    model.frozen.eval()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    states = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state()
    queue = model.queue
    embed_batch(model, BATCH)
    assert model.queue is queue and set(model.state_dict()) == set(before)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert (model.training, model.norm.training, model.frozen.training) == (True, True, False)
    assert states[:2] == (random.getstate(), np.random.get_state()[1].tolist())
    assert torch.equal(states[2], torch.get_rng_state())
    model.train()

    def fails(*_: Any) -> Any:
        torch.rand(1)
        raise KeyError("own")

    with pytest.raises(KeyError):
        embed_batch(model, BATCH, fails)
    assert model.training and torch.equal(states[2], torch.get_rng_state())
    assert torch.is_grad_enabled()


class Takes(torch.nn.Module):
    """Says what it was called with."""

    def __init__(self, dtype: Any = torch.float32) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(2, 2, dtype=dtype))

    def forward(self, x: Any, y: Any = None, **more: Any) -> Any:
        assert not self.training and not torch.is_grad_enabled()
        self.got = (x, y, more)
        return x @ self.weight


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32, torch.float64])
def test_batches_of_every_form_are_cast(dtype: Any) -> None:
    model, x, ids = Takes(dtype), torch.ones(4, 2), torch.arange(4)
    pair = namedtuple("pair", "x y")
    for batch in (x, (x, ids), [x, ids], {"x": x, "y": ids, "extra": {"deep": [x, "text"]}}, pair(x, ids)):
        assert embed_batch(model, batch)["prediction"].dtype == dtype
        assert model.got[0].dtype == dtype
        assert model.got[1] is None or model.got[1].dtype == torch.int64
    embed_batch(model, {"x": x, "extra": {"deep": [x, "text"]}})
    assert model.got[2]["extra"]["deep"][0].dtype == dtype and model.got[2]["extra"]["deep"][1] == "text"


def test_outputs_of_every_form() -> None:
    x, y = torch.ones(2, 2), torch.zeros(2, 2)
    point = namedtuple("point", "prediction target")
    for output in ((x, y), [x, y], {"prediction": x, "target": y}, {"z_pred": x, "tgt": y, "loss": 1}, point(x, y)):
        roles = roles_of(output)
        assert roles["prediction"] is x and roles["target"] is y
    assert list(roles_of(x)) == ["prediction"]
    assert list(roles_of((x,))) == ["prediction"]
    assert list(roles_of({"last_hidden_state": x, "pooler_output": y})) == ["prediction"]
    assert list(roles_of((x, y, x))) == ["prediction", "target", "context"]
    for wrong in ({"loss": x}, (), (x,) * 4, "text", None):
        with pytest.raises(TypeError, match="embed="):
            roles_of(wrong)


def test_model_output() -> None:
    outputs = pytest.importorskip("transformers.modeling_outputs")
    x = torch.ones(2, 3, 4)
    assert roles_of(outputs.BaseModelOutputWithPooling(last_hidden_state=x))["prediction"] is x


def test_models_that_are_no_modules() -> None:
    """As with JAX: a function of parameters."""
    assert list(embed_batch({"w": 2}, np.ones((2, 2)), lambda model, x: (model["w"] * x, x))) == [
        "prediction",
        "target",
    ]


def test_what_cannot_be_measured_stops_nothing(run: Path, caplog: pytest.LogCaptureFixture) -> None:
    gate = CollapseGate(run, BATCH, every=1, embed=lambda model, x: (x * float("nan"), x))
    with caplog.at_level(logging.WARNING, "embedding_collapse"):
        assert gate(Takes(), 1) is False
    assert "could not judge" in caplog.text and "E207" in caplog.text
    gate.close()


def test_wrong_flags_raise_when_it_starts(run: Path) -> None:
    with pytest.raises(CollapseError, match="unknown option"):
        CollapseGate(run, BATCH, nonsense=1).start()
    with pytest.raises(CollapseError, match="unknown option"):
        CollapseGate(run, torch.ones(4, 2), every=1, nonsense=1)(Takes(), 1)
