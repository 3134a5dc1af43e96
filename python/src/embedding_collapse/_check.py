"""Runs `collapse check` and returns what it said."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from typing import Any, Union

from ._node import SCRIPT, NodeNotFoundError, find_node
from ._verdict import CollapseError, Verdict, verdict_or_error

StrPath = Union[str, "os.PathLike[str]"]


def check(run: StrPath | Iterable[StrPath], *, timeout: float | None = 3600, **flags: Any) -> Verdict:
    """Measure and judge the steps of a run, or of several, that are on the disk.

    Flags are those of `collapse check` with underscores: `check(run, after=1000, judge="latest", last=1,
    state="exp1.state.json", target="none", fail_if=["pred_r2 < 0"])`. True gives a switch, a list repeats a flag,
    None and False leave it out.

    Raises CollapseError for exit codes 2, 3 and 70. That there is nothing to judge yet is a verdict, `too_early`.
    """
    paths = [run] if isinstance(run, (str, os.PathLike)) else list(run)
    arguments = ["check", "--json", "--no-ci", *argv_of(flags), "--", *(os.fspath(path) for path in paths)]
    try:
        done = subprocess.run(
            [node_or_error(), SCRIPT, *arguments],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=timeout,
        )
    except subprocess.TimeoutExpired as error:
        raise CollapseError(f"no verdict within {timeout} s", 70) from error
    stderr = done.stderr.decode("utf-8", "replace")
    try:
        report = json.loads(done.stdout)
    except ValueError:
        raise CollapseError(stderr.strip() or f"exit code {done.returncode}, and no report", 70) from None
    return verdict_or_error(report, stderr)


def node_or_error() -> str:
    """Return the Node to run. Raises CollapseError where there is none."""
    try:
        return find_node()
    except NodeNotFoundError as error:
        raise CollapseError(str(error), 70) from error


def argv_of(flags: dict[str, Any]) -> list[str]:
    """Return keyword arguments as words of the command line."""
    out: list[str] = []
    for name, value in flags.items():
        flag = f"--{name.replace('_', '-')}"
        if value is None or value is False:
            continue
        if value is True:
            out.append(flag)
        elif isinstance(value, (list, tuple)):
            for item in value:
                out.append(f"{flag}={_text(item)}")
        else:
            out.append(f"{flag}={_text(value)}")
    return out


def _text(value: Any) -> str:
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)
