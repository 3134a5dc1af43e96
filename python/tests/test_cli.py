from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import embeddings

from embedding_collapse import save_step
from embedding_collapse._arrays import to_npz

COLLAPSE = [sys.executable, "-m", "embedding_collapse"]


def collapse(*argv: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COLLAPSE, *argv], input=stdin, capture_output=True)


def test_exit_codes_pass_through(run: Path) -> None:
    assert collapse("check", str(run)).returncode == 3
    assert collapse("check", "--nonsense").returncode == 2
    save_step(run, 0, **embeddings(0))
    for step in (100, 200):
        save_step(run, step, **embeddings(step))
    assert collapse("check", str(run), "-q").returncode == 0
    assert collapse("check", str(run), "-q", "--fail-if", "pred_var_per_dim > 0").returncode == 1


def test_both_names_are_installed() -> None:
    folder = Path(sys.executable).parent
    for name in ("collapse", "embedding-collapse"):
        script = folder / name
        if not script.exists():
            pytest.skip(f"{name} is not beside this Python")
        assert subprocess.run([script, "--version"], capture_output=True).returncode == 0


def test_standard_input_passes_through() -> None:
    done = collapse("check", "-", "-q", stdin=to_npz({k: np.asarray(v) for k, v in embeddings(1).items()}))
    assert done.returncode == 0, done.stderr


def test_nothing_of_the_environment_is_lost(run: Path) -> None:
    save_step(run, 100, **embeddings(100))
    assert (
        b"\x1b["
        in subprocess.run(
            [*COLLAPSE, "check", str(run)], capture_output=True, env={**os.environ, "FORCE_COLOR": "1"}
        ).stdout
    )


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_signals_reach_the_tool(run: Path) -> None:
    run.mkdir()
    process = subprocess.Popen([*COLLAPSE, "watch", str(run), "--interval", "1s"], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    # It is Node itself that has the process number: it replaced Python.
    while b"collapse.js" not in _command_line(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(3)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 143


def _command_line(pid: int) -> bytes:
    path = Path(f"/proc/{pid}/cmdline")
    return path.read_bytes() if path.exists() else b"collapse.js"
