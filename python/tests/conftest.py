from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Arrays = dict[str, np.ndarray]


def embeddings(step: int, scale: float = 1.0, rows: int = 64, dims: int = 16) -> Arrays:
    """Prediction and target of a healthy model; of one whose predictor collapses with a small scale."""
    rng = np.random.default_rng(step)
    target = rng.standard_normal((rows, dims)).astype(np.float32)
    prediction = target + 0.1 * rng.standard_normal(target.shape).astype(np.float32)
    return {"prediction": (scale * prediction).astype(np.float32), "target": target}


def rank_collapsed(step: int) -> Arrays:
    """A model of which nothing is left: prediction and target are one point, but for rounding."""
    rng = np.random.default_rng(step)
    point = np.ones((64, 16), np.float32)
    return {
        "prediction": point + 1e-6 * rng.standard_normal(point.shape).astype(np.float32),
        "target": point + 1e-6 * rng.standard_normal(point.shape).astype(np.float32),
    }


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return tmp_path / "exp1"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds a configuration, or leaves a file, where it is run."""
    folder = tmp_path / "cwd"
    folder.mkdir()
    monkeypatch.chdir(folder)
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def recorded(run: Path) -> list[dict[str, Any]]:
    """The steps that a monitor has kept, line by line."""
    lines = (run / "collapse.ndjson").read_text(encoding="utf-8").splitlines()
    return [record for record in map(json.loads, lines) if record["type"] == "step"]
