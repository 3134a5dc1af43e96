from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import embeddings, rank_collapsed

from embedding_collapse import CollapseError, Verdict, check, save_step


def save_healthy(run: Path, steps: range) -> None:
    for step in steps:
        save_step(run, step, **embeddings(step))


def test_no_alert_before_the_collapse_and_a_name_after_it(run: Path) -> None:
    for step in range(100, 700, 100):
        save_step(run, step, **embeddings(step))
        verdict = check(run)
        assert (verdict.exit_code, verdict.alert, verdict.stop, verdict.level) == (0, False, False, None)
        assert verdict.step == step
    for step in range(700, 1100, 100):
        save_step(run, step, **rank_collapsed(step))
        verdict = check(run)
    assert (verdict.exit_code, verdict.alert, verdict.stop, verdict.level) == (1, True, True, "error")
    assert verdict.diagnosis is not None and verdict.diagnosis.label == "complete collapse"
    assert verdict.diagnosis.since is not None and 700 <= verdict.diagnosis.since <= 1000
    assert verdict.messages and "complete collapse" in str(verdict)


def test_flags(run: Path) -> None:
    save_healthy(run, range(100, 400, 100))
    verdict = check(run, fail_if=["pred_var_per_dim > 0", "target_var_per_dim > 0"], after=200, exit_zero=True)
    assert verdict.exit_code == 0 and verdict.stop and verdict.step == 300 and len(verdict.messages) == 2
    assert not check(run, fail_if="pred_var_per_dim > 0", fail_on="never").stop
    assert check(run, last=1, state=run.parent / "state.json").ok


def test_state_reports_the_steps_that_were_checked_now(run: Path) -> None:
    for step in (100, 200, 300):
        save_step(run, step, **embeddings(step))
        verdict = check(run, last=1, state=run.parent / "state.json")
        assert [item["step"] for item in verdict.report["runs"][0]["steps"]] == [step]


def test_several_runs_answer_for_the_worst(tmp_path: Path) -> None:
    save_healthy(tmp_path / "a", range(100, 400, 100))
    save_healthy(tmp_path / "b", range(100, 400, 100))
    for step in range(400, 800, 100):
        save_step(tmp_path / "b", step, **rank_collapsed(step))
    verdict = check([tmp_path / "a", tmp_path / "b"])
    assert verdict.stop and verdict.run == str(tmp_path / "b")


def test_too_early_is_no_error(run: Path) -> None:
    save_step(run, 100, **embeddings(100))
    verdict = check(run, after=500)
    assert (verdict.exit_code, verdict.too_early, verdict.stop, verdict.step) == (4, True, False, None)
    assert verdict.scalars() == {} and verdict.messages == []


def test_what_cannot_be_judged(run: Path) -> None:
    with pytest.raises(CollapseError, match="no such file") as missing:
        check(run)
    assert missing.value.exit_code == 3
    with pytest.raises(CollapseError, match="unknown option") as usage:
        check(run, nonsense=True)
    assert usage.value.exit_code == 2
    with pytest.raises(CollapseError, match="pred_va"):
        check(run, fail_if="pred_va < 0")


def test_an_unreadable_step_does_not_hide_a_collapse(run: Path) -> None:
    save_healthy(run, range(100, 500, 100))
    (run / "step_00000200/prediction.npy").write_bytes(b"\x93NUMPY")
    for step in range(500, 900, 100):
        save_step(run, step, **rank_collapsed(step))
    with pytest.raises(CollapseError) as raised:
        check(run)
    assert raised.value.exit_code == 3
    assert raised.value.verdict is not None and raised.value.verdict.stop and raised.value.verdict.alert


def test_names_that_look_like_flags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    save_healthy(Path("--json"), range(100, 300, 100))
    assert check("--json").ok


def test_a_report_with_less_or_more_in_it() -> None:
    assert Verdict({}).exit_code == 70
    verdict = Verdict({"exitCode": 0, "status": "early", "runs": [{"run": "a", "latest": None, "new": 1}]})
    assert verdict.too_early and verdict.diagnosis is None and verdict.run == "a"
    full = {"label": "x", "began": 1, "since": 3, "lastGood": 0, "remedy": "r", "evidence": ["e"], "more": 1}
    diagnosis = Verdict({"exitCode": 1, "runs": [{"diagnosis": full}]}).diagnosis
    assert diagnosis is not None
    assert (diagnosis.began, diagnosis.since, diagnosis.last_good, diagnosis.remedy) == (1, 3, 0, "r")


def test_nothing_heavy_is_imported() -> None:
    code = "import sys, embedding_collapse as e; e.check; e.Monitor; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"torch", "lightning", "pytorch_lightning", "transformers", "jax"} & set(loaded)
    code = "import sys, embedding_collapse.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "numpy" not in loaded


def test_embeddings_alone(run: Path) -> None:
    for step in (100, 200):
        save_step(run, step, prediction=np.random.default_rng(step).standard_normal((64, 8)))
    assert check(run, target="none").ok
