"""Measures what the package costs over Node: `collapse --version` beside Node's own, and a later check in Monitor as a
share of a spawned one. Rounds alternate, so that a busy machine is busy for both.

    python bench/overhead.py [rounds]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Callable

import numpy as np

from embedding_collapse import Monitor
from embedding_collapse._arrays import to_npz
from embedding_collapse._node import SCRIPT, find_node


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def run(command: list[str], stdin: bytes = b"") -> None:
    subprocess.run(command, input=stdin, capture_output=True, check=True)


def main(rounds: int) -> None:
    node, shim = find_node(), str(Path(sys.executable).with_name("collapse"))
    own, through = [], []
    for _ in range(rounds):
        own.append(seconds(lambda: run([node, SCRIPT, "--version"])))
        through.append(seconds(lambda: run([shim, "--version"])))
    print(
        f"collapse --version: {1e3 * statistics.median(through):.0f} ms, by node itself "
        f"{1e3 * statistics.median(own):.0f} ms; the fastest of each differ by {1e3 * (min(through) - min(own)):.0f} ms"
    )
    for rows, dims in ((256, 64), (2048, 256)):
        one, other = later_and_spawned(node, rows, dims, rounds)
        print(
            f"{rows} by {dims}: a later check {1e3 * statistics.median(one):.0f} ms, a spawned one "
            f"{1e3 * statistics.median(other):.0f} ms: ratio {statistics.median(one) / statistics.median(other):.3f}; "
            f"of the fastest {min(one) / min(other):.3f}"
        )


def later_and_spawned(node: str, rows: int, dims: int, rounds: int) -> tuple[list[float], list[float]]:
    target = np.random.default_rng(0).standard_normal((rows, dims)).astype(np.float32)
    arrays = {"prediction": target + np.float32(0.1), "target": target}
    frame = to_npz(arrays)
    later, spawned = [], []
    with tempfile.TemporaryDirectory() as folder, Monitor(folder) as monitor:
        for step in range(1, 4):
            monitor.check(step, **arrays)
        for step in range(4, 4 + rounds):
            later.append(seconds(partial(monitor.check, step, **arrays)))
            command = [node, SCRIPT, "check", "-", "--exit-zero", "--json"]
            spawned.append(seconds(partial(run, command, frame)))
    return later, spawned


main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
