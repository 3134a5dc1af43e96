"""Runs the scripts of docs/recipes, with stand-ins for services."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from conftest import embeddings, rank_collapsed

from embedding_collapse import check, save_step

RECIPES = Path(__file__).parents[2] / "docs" / "recipes"


def records_until(last: int) -> str:
    for step in range(100, last + 1, 100):
        arrays = embeddings(step) if step <= 400 else rank_collapsed(step)
        save_step("runs/exp1", step, **arrays)
    check("runs/exp1", output="ndjson=records.ndjson")
    return "records.ndjson"


def steps_with_alerts() -> dict[int, int]:
    """How many alerts each step has, by the JSON report."""
    steps = check("runs/exp1").report["runs"][0]["steps"]
    return {step["step"]: len(step["alerts"]) for step in steps}


def run_recipe(name: str, *arguments: str) -> None:
    runpy.run_path(str(RECIPES / name))["log"](*arguments)


def test_wandb(monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[dict[str, Any]] = []
    alerts: list[dict[str, Any]] = []
    summary: dict[str, Any] = {}

    class Run:
        def __init__(self) -> None:
            self.summary = summary
            self.metrics: dict[str, Any] = {}

        def __enter__(self) -> Run:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def define_metric(self, name: str, **options: Any) -> None:
            self.metrics[name] = options

        def log(self, values: dict[str, Any]) -> None:
            assert None not in values.values()
            logged.append(values)
            summary.update(values)

        def alert(self, **alert: Any) -> None:
            alerts.append(alert)

    wandb = ModuleType("wandb")
    wandb.init = lambda **options: Run()  # type: ignore[attr-defined]
    wandb.AlertLevel = SimpleNamespace(ERROR="ERROR", WARN="WARN")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "wandb", wandb)
    for last in (300, 300, 900):
        run_recipe("log_wandb.py", "exp1", records_until(last))
    expected = steps_with_alerts()
    assert {entry["collapse/step"]: entry["collapse/alerts"] for entry in logged} == expected
    assert len(logged) == len(expected) == 9
    assert len(alerts) == sum(expected.values()) > 0
    assert "ERROR" in {alert["level"] for alert in alerts}
    assert any("complete collapse at step 900" in alert["title"] for alert in alerts)


def test_mlflow(monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[tuple[int, dict[str, float]]] = []
    latest: dict[str, float] = {}
    tags: dict[str, str] = {}

    class MlflowClient:
        def get_run(self, run_id: str) -> Any:
            assert run_id == "exp1"
            return SimpleNamespace(data=SimpleNamespace(metrics=latest))

        def set_tag(self, run_id: str, key: str, value: str) -> None:
            tags[key] = value

    def log_metrics(metrics: dict[str, float], step: int, run_id: str) -> None:
        assert all(isinstance(value, (int, float)) for value in metrics.values())
        logged.append((step, metrics))
        latest.update(metrics)

    mlflow = ModuleType("mlflow")
    mlflow.MlflowClient = MlflowClient  # type: ignore[attr-defined]
    mlflow.log_metrics = log_metrics  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mlflow", mlflow)
    for last in (300, 300, 900):
        run_recipe("log_mlflow.py", "exp1", records_until(last))
    assert {step: metrics["collapse/alerts"] for step, metrics in logged} == steps_with_alerts()
    assert len(logged) == 9
    assert tags["collapse.diagnosis"] == "complete collapse"
    assert "target_var_per_dim" in tags["collapse.alerts"]


def test_dvc_metrics_are_flat() -> None:
    records_until(900)
    verdict = check("runs/exp1", output="metrics=metrics.json")
    newest = verdict.report["runs"][0]["steps"][-1]
    values = {name: value for name, value in newest["metrics"].items() if value is not None}
    expected = {"runs/exp1": {"step": 900, "alerts": len(newest["alerts"]), **values}}
    assert json.loads(Path("metrics.json").read_text()) == expected


def shim_folder(folder: Path) -> Path:
    """A folder for PATH with the command line under test, and a `sbatch` that runs its jobs at once, one by one."""
    folder.mkdir()
    write_script(folder / "collapse", f'exec "{sys.executable}" -m embedding_collapse "$@"')
    write_script(
        folder / "sbatch",
        """
array=- wrap= dependency=
while [ $# -gt 0 ]; do
  case $1 in
    --array=*) array=${1#--array=} ;;
    --dependency=afterany:*) dependency=${1#--dependency=afterany:} ;;
    --wrap) wrap=$2; shift ;;
    --parsable) ;;
    *) echo "sbatch: $1" >&2; exit 1 ;;
  esac
  shift
done
if [ "$array" = - ]; then
  [ "$dependency" = 17 ] || exit 1
  sh -c "$wrap" > verdict.json; echo $? > code
  echo 18
else
  for id in $(seq "${array%-*}" "${array#*-}"); do SLURM_ARRAY_TASK_ID=$id sh -c "$wrap" 2> /dev/null; done
  echo 17
fi
""",
    )
    return folder


def write_script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A run that collapses, and what one check says of it; the windows below hold steps, and the last two none."""
    monkeypatch.setenv("PATH", f"{shim_folder(tmp_path / 'bin')}{os.pathsep}{os.environ['PATH']}")
    records_until(900)
    return check("runs/exp1").report


WINDOWS = ["runs/exp1", "1500", "300"]


def test_slurm(engine: dict[str, Any]) -> None:
    subprocess.run([RECIPES / "on_slurm.sh", *WINDOWS, "--json"], check=True, capture_output=True)
    assert json.loads(Path("verdict.json").read_text()) == engine
    assert Path("code").read_text() == "1\n"


def test_parallel(engine: dict[str, Any]) -> None:
    if shutil.which("parallel") is None:
        pytest.skip("GNU parallel is not installed")
    done = subprocess.run([RECIPES / "on_parallel.sh", *WINDOWS, "--json"], stdout=subprocess.PIPE, check=False)
    assert (json.loads(done.stdout), done.returncode) == (engine, 1)


@pytest.mark.parametrize("script", ["on_ray", "on_dask", "on_spark"])
def test_engines(script: str, engine: dict[str, Any]) -> None:
    module = {"on_ray": "ray", "on_dask": "dask.distributed", "on_spark": "pyspark"}[script]
    pytest.importorskip(module)
    command = [sys.executable, RECIPES / f"{script}.py", *WINDOWS, "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False, timeout=300)
    assert (json.loads(done.stdout), done.returncode) == (engine, 1)


def test_shards_end_where_a_task_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_script(tmp_path / "collapse", "echo broken >&2; exit 70")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    shards = runpy.run_path(str(RECIPES / "shards.py"))
    assert list(shards["windows"](2000, 1000)) == ["0..999", "1000..1999", "2000..2999"]
    with pytest.raises(RuntimeError, match="broken"):
        shards["measure"]("runs/exp1", "0..999")
