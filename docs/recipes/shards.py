"""What the recipes for engines share: one task a window of steps, and one gate over what all of them measured."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator


def windows(last: int, size: int) -> Iterator[str]:
    """Windows of steps as `--steps` takes them: 0..999, 1000..1999, …"""
    for first in range(0, last + 1, size):
        yield f"{first}..{first + size - 1}"


def measure(run: str, steps: str) -> str:
    """The records of one window; it runs where the engine says, which must see `run`.

    Exit code 3 is an unreadable step and 4 a window without any: both are in the records, and gate knows what to make
    of them. Anything else is a task that failed.
    """
    command = ["collapse", "measure", run, "--steps", steps, "--threads", "1"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 3, 4):
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def gate(records: Iterable[str], *flags: str) -> int:
    """Judge all records at once, as one `collapse check` would; returns its exit code."""
    return subprocess.run(["collapse", "gate", "-", *flags], input="".join(records), text=True).returncode


def arguments() -> tuple[str, int, int, list[str]]:
    """RUN LAST SIZE [flags of gate]."""
    run, last, size, *flags = sys.argv[1:]
    return run, int(last), int(size), flags
