"""Runs the Python of the documentation as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import embeddings, rank_collapsed

from embedding_collapse import check

REPOSITORY = Path(__file__).parents[2]


def block(page: str, heading: str, number: int = 0) -> Any:
    """A block of Python below a heading: the first, unless a number is given."""
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    section = text[text.index(f"{heading}\n") :]
    found = re.findall(r"```python\n(.*?)```", section, re.S)
    return compile(found[number], f"{page} {heading}", "exec")


def model_and_training() -> dict[str, Any]:
    """A model that collapses after step 400."""
    torch = pytest.importorskip("torch")
    from jobs import BATCH, Jepa, batches

    model = Jepa()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    data = batches(1000)

    def train_one_step(model: Any, step: int) -> None:
        optimizer.zero_grad()
        model.loss(data[step - 1], step > 400).backward()
        optimizer.step()

    return {"model": model, "evaluation_batch": BATCH, "train_one_step": train_one_step}


README_LOOP = ("README.md", "## Thirty seconds from a training loop to a gate")


@pytest.mark.parametrize(
    ("page", "heading", "number"),
    [
        ("docs/python.md", "## A training loop", 0),
        (*README_LOOP, 1),
        ("python/README.md", "# embedding-collapse for Python", 0),
    ],
)
def test_loop(page: str, heading: str, number: int) -> None:
    names = model_and_training()
    exec(block(page, heading, number), names)
    names["gate"].close()
    assert 400 < names["step"] <= 900
    assert names["gate"].verdict.stop


def test_lightning() -> None:
    L = pytest.importorskip("lightning.pytorch")
    from test_lightning import Module, loader

    names = {**model_and_training(), "L": L, "module": Module(collapses_from=400), "loader": loader(1000)}
    exec(block("docs/python.md", "## Lightning"), names)
    assert 400 < names["trainer"].global_step <= 900


def test_huggingface() -> None:
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("accelerate")
    torch = pytest.importorskip("torch")
    shape = {"image_size": 16, "patch_size": 8, "hidden_size": 32, "intermediate_size": 32}
    config = transformers.ViTConfig(num_hidden_layers=1, num_attention_heads=2, **shape)

    class Model(torch.nn.Module):  # type: ignore[name-defined,misc]
        def __init__(self) -> None:
            super().__init__()
            self.vit = transformers.ViTModel(config, add_pooling_layer=False)

        def forward(self, pixel_values: Any, labels: Any = None) -> Any:
            output = self.vit(pixel_values)
            spread = output.last_hidden_state.mean(1).std(0)
            return {"loss": (spread - 1).pow(2).mean(), "embeddings": output.last_hidden_state.mean(1)}

    images = torch.randn(64, 3, 16, 16)
    names = {
        "images": images,
        "model": Model(),
        "Trainer": transformers.Trainer,
        "arguments": transformers.TrainingArguments(
            "out", max_steps=300, report_to=[], use_cpu=True, disable_tqdm=True
        ),
        "data": [{"pixel_values": image, "labels": 0} for image in images],
    }
    exec(block("docs/python.md", "## Hugging Face Trainer"), names)
    assert names["trainer"].state.global_step == 300
    assert names["gate"].gate.verdict is not None and names["gate"].gate.verdict.step == 300


def test_monitor() -> None:
    logged: list[int] = []

    def embed(step: int) -> tuple[np.ndarray, np.ndarray]:
        arrays = embeddings(step) if step <= 400 else rank_collapsed(step)
        return arrays["prediction"], arrays["target"]

    names: dict[str, Any] = {"embed": embed, "log": lambda scalars, step: logged.append(step)}
    exec(block("docs/python.md", "## Steps from arrays"), names)
    assert names["verdict"].stop and 400 < names["step"] <= 900
    assert logged == list(range(100, names["step"] + 1, 100))


def test_save_step() -> None:
    for step in range(50, 1001, 50):
        arrays = embeddings(step) if step <= 400 else rank_collapsed(step)
        exec(block(*README_LOOP), {"step": step, **arrays})
    assert len(list(Path("runs/exp1").iterdir())) == 10
    assert check("runs/exp1").stop


def test_files() -> None:
    for step in range(100, 1001, 100):
        arrays = embeddings(step) if step <= 400 else rank_collapsed(step)
        names: dict[str, Any] = {"step": step, **arrays}
        exec(block("docs/python.md", "## Files"), names)
    assert names["verdict"].stop
