"""Two ranks, by torchrun."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import recorded

pytest.importorskip("torch")

LOOP = Path(__file__).parent / "ranks_loop.py"


def torchrun(run: Path, *argv: str) -> list[dict[str, object]]:
    """What each rank says, in rank order."""
    done = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", LOOP, run, *argv],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # Two ranks may write to one line.
    decoder = json.JSONDecoder()
    lines = []
    for line in done.stdout.splitlines():
        while line.startswith("{"):
            words, end = decoder.raw_decode(line)
            lines.append(words)
            line = line[end:].lstrip()
    return sorted(lines, key=lambda line: str(line["rank"]))


@pytest.mark.parametrize("wrapper", ["ddp", "fully_shard"])
def test_ranks_agree_and_none_hangs(run: Path, wrapper: str) -> None:
    first, second = torchrun(run, wrapper, "collapse")
    assert first["stopped"] == second["stopped"]
    assert 100 < int(str(first["stopped"])) <= 300
    assert {record["rows"] for record in recorded(run)} == {64}


def test_rows_of_all_ranks_can_be_gathered(run: Path) -> None:
    first, second = torchrun(run, "ddp", "gather")
    assert first["stopped"] is second["stopped"] is None
    assert {record["rows"] for record in recorded(run)} == {128}


def test_a_failure_on_rank_0_ends_all(run: Path) -> None:
    first, second = torchrun(run, "ddp", "wrong-flag")
    assert "unknown option" in str(first["error"]) and "rank 0" in str(second["error"])


def test_each_rank_saves_files_of_its_own(run: Path) -> None:
    torchrun(run, "ddp", "save")
    assert sorted(path.name for path in (run / "step_00000001").iterdir()) == [
        "prediction_rank0.npy",
        "prediction_rank1.npy",
        "target_rank0.npy",
        "target_rank1.npy",
    ]
