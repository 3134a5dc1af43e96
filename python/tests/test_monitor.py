from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import embeddings, rank_collapsed, recorded

from embedding_collapse import CollapseError, Monitor, check, save_step


def test_says_what_check_says(run: Path, tmp_path: Path) -> None:
    files = tmp_path / "files"
    with Monitor(run) as monitor:
        for step in range(100, 1100, 100):
            arrays = embeddings(step) if step < 700 else rank_collapsed(step)
            verdict = monitor.check(step, **arrays)
            save_step(files, step, **arrays)
            if step < 700:
                assert verdict.ok and not verdict.stop and verdict.step == step
    other = check(files)
    assert (verdict.exit_code, verdict.stop, verdict.messages) == (1, True, other.messages)
    assert verdict.diagnosis == other.diagnosis
    assert verdict.scalars() == other.scalars()
    assert [item["step"] for item in verdict.report["runs"][0]["steps"]] == [1000]


def test_goes_on_where_an_earlier_process_was(run: Path) -> None:
    with Monitor(run, fail_if="pred_var_per_dim < 90% of baseline") as monitor:
        monitor.check(100, **embeddings(100))
        monitor.check(200, **embeddings(200))
    with Monitor(run, fail_if="pred_var_per_dim < 90% of baseline") as again:
        assert again.last is not None and again.last.step == 200
        assert again.check(300, **embeddings(300, scale=0.8)).stop
    with Monitor(run.parent / "exp2", fail_if="pred_var_per_dim < 90% of baseline") as other:
        assert not other.check(300, **embeddings(300, scale=0.8)).stop


def test_a_line_that_was_cut_is_no_step(run: Path) -> None:
    with Monitor(run) as monitor:
        monitor.check(100, **embeddings(100))
        monitor.check(200, **embeddings(200))
    with open(run / "collapse.ndjson", "a") as file:
        file.write('{"type":"step","st')
    with Monitor(run) as again:
        assert again.last is not None and again.last.step == 200
        assert again.check(300, **embeddings(300)).ok
    with Monitor(run) as third:
        assert third.last is not None and third.last.step == 300


def test_going_back_forgets_what_came_after(run: Path) -> None:
    with Monitor(run) as monitor:
        for step in (100, 200):
            monitor.check(step, **embeddings(step))
        for step in (300, 400, 500, 600):
            verdict = monitor.check(step, **rank_collapsed(step))
        assert verdict.stop
        verdict = monitor.check(250, **embeddings(250))
        assert verdict.ok and verdict.step == 250 and any("forgotten" in text for text in verdict.warnings)
    assert [record["step"] for record in recorded(run)] == [100, 200, 250]


def test_without_records(run: Path) -> None:
    with Monitor(run, records=None) as monitor:
        assert monitor.check(100, **embeddings(100)).ok
    assert not run.exists()


def test_a_name_need_not_be_a_folder(tmp_path: Path) -> None:
    with Monitor("exp 1", records=tmp_path / "deep/er/exp1.ndjson") as monitor:
        assert monitor.check(100, **embeddings(100)).run == "exp 1"
    assert (tmp_path / "deep/er/exp1.ndjson").exists()


def test_roles_and_shapes(run: Path) -> None:
    arrays = {role: array.reshape(16, 4, 16) for role, array in embeddings(1).items()}
    with Monitor(run) as monitor:
        verdict = monitor.check(1, **arrays, context=arrays["target"], mask=np.ones((16, 4), bool), kl_reg=0.5)
        assert verdict.scalars("")["kl_reg"] == 0.5
        assert verdict.report["runs"][0]["steps"][0]["rows"] == 64
        assert set(verdict.report["runs"][0]["steps"][0]["inputs"]) >= {"prediction", "target", "context", "mask"}


def test_embeddings_alone(run: Path) -> None:
    with Monitor(run) as monitor:
        for step in (1, 2):
            verdict = monitor.check(step, prediction=np.random.default_rng(step).standard_normal((64, 8)))
    assert verdict.ok and "collapse/target_var_per_dim" not in verdict.scalars()


def test_wrong_flags_are_heard_of_at_once(run: Path) -> None:
    for flags in ({"nonsense": True}, {"fail_if": "pred_va < 0"}, {"state": "x"}, {"no_mask": True, "mask_key": "m"}):
        with pytest.raises(CollapseError) as raised:
            Monitor(run, **flags)  # type: ignore[arg-type]
        assert raised.value.exit_code == 2, raised.value


def test_what_cannot_be_measured_leaves_the_monitor_whole(run: Path) -> None:
    with Monitor(run) as monitor:
        monitor.check(100, **embeddings(100))
        bad = embeddings(200)
        bad["prediction"][3, 3] = np.nan
        with pytest.raises(CollapseError, match="NaN") as raised:
            monitor.check(200, **bad)
        assert raised.value.exit_code == 3 and raised.value.verdict is not None
        with pytest.raises(CollapseError, match="E214"):
            monitor.check(200, prediction=np.ones((4, 2)), target=np.ones((5, 2)))
        with pytest.raises(ValueError):
            monitor.check(-1, **embeddings(1))
        assert monitor.check(300, **embeddings(300)).step == 300


def test_records_that_are_none_are_refused(run: Path) -> None:
    run.mkdir()
    (run / "collapse.ndjson").write_text('{"type": "poem"}\n{}\n')
    with pytest.raises(CollapseError, match="not a measure record"):
        Monitor(run)


def test_a_killed_server_is_started_again(run: Path) -> None:
    with Monitor(run) as monitor:
        monitor.check(100, **embeddings(100))
        assert monitor._server is not None
        monitor._server._process.kill()
        monitor._server._process.wait()
        assert monitor.check(200, **embeddings(200)).step == 200
    assert [record["step"] for record in recorded(run)] == [100, 200]


def test_close_is_final_only_until_the_next_check(run: Path) -> None:
    monitor = Monitor(run)
    monitor.close()
    monitor.close()
    assert monitor.check(1, **embeddings(1)).ok
    monitor.close()


PARENT = """
import os, sys, time
sys.path.insert(0, {tests!r})
from conftest import embeddings
from embedding_collapse import Monitor
monitor = Monitor({run!r})
monitor.check(1, **embeddings(1))
if os.fork() == 0:
    # A worker of a data loader: it may live on, and may use the monitor too.
    assert monitor.check(2, **embeddings(2)).step == 2
    monitor.close()
    time.sleep(30)
    os._exit(0)
time.sleep(2)
print(monitor._server._process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")
def test_it_ends_with_its_parent_though_children_live_on(run: Path) -> None:
    code = PARENT.format(tests=str(Path(__file__).parent), run=str(run))
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert parent.stdout is not None
    server = int(parent.stdout.readline())
    os.kill(server, 0)
    try:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        deadline = time.monotonic() + 20
        while _is_alive(server) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not _is_alive(server)
    finally:
        os.killpg(parent.pid, signal.SIGKILL)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_flags_that_serve_does_not_take(run: Path) -> None:
    for flags in ({"json": True}, {"output": "html=a.html"}, {"aftr": 3}):
        with pytest.raises(CollapseError, match="E101") as raised:
            Monitor(run, **flags)
        assert raised.value.exit_code == 2
