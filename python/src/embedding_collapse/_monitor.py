"""Keeps one `collapse serve` alive, so that a check costs what its arithmetic does."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import tempfile
import threading
import weakref
from types import TracebackType
from typing import IO, Any

from ._arrays import arrays_of_step, to_npz, whole_number
from ._check import argv_of, node_or_error
from ._node import SCRIPT
from ._save import StrPath
from ._verdict import CollapseError, Verdict, verdict_or_error


class Monitor:
    """Checks one step after another of a run, from arrays in memory.

    The first check starts a process that stays until `close`, or until this one ends. What was measured is kept in
    `run/collapse.ndjson` (`records=` names another file, None none), so that a job that is started again goes on with
    its baseline; `collapse gate` and `collapse report` read it. A step that is not later than the newest one, as
    after going back to a checkpoint, replaces those from it on.

    Flags are those of `collapse check` with underscores. Raises CollapseError where they cannot be used.
    """

    def __init__(
        self,
        run: StrPath,
        *,
        records: StrPath | bool | None = True,
        timeout: float | None = 3600,
        **flags: Any,
    ) -> None:
        self.run = os.fspath(run)
        if records is True:
            records = os.path.join(self.run, "collapse.ndjson")
        self.records = os.path.abspath(records) if isinstance(records, (str, os.PathLike)) else None
        self._arguments = argv_of(flags)
        self._timeout = timeout
        self._lock = threading.Lock()
        self._server: _Server | None = None
        #: What was said last; None before anything was judged.
        self.last: Verdict | None = None
        _MONITORS.add(self)
        # Flags that are wrong should be heard of now, and not at the first check.
        verdict = verdict_or_error(self._ask({}, b""))
        if verdict.exit_code != 4:
            self.last = verdict

    def check(
        self,
        step: int,
        *,
        prediction: Any,
        target: Any = None,
        context: Any = None,
        mask: Any = None,
        label: Any = None,
        group: Any = None,
        kl_reg: Any = None,
    ) -> Verdict:
        """Measure and judge one step, given its arrays: [N, D] or more axes, of torch, JAX or NumPy.

        Without a target the embeddings are judged alone. Raises CollapseError for exit codes 2, 3 and 70.
        """
        request: dict[str, Any] = {"step": whole_number(step)}
        arrays = arrays_of_step(
            {
                **{"prediction": prediction, "target": target, "context": context, "mask": mask},
                **{"label": label, "group": group, "kl_reg": kl_reg},
            }
        )
        if "target" not in arrays:
            request["flags"] = {"target": "none"}
        report = self._ask(request, to_npz(arrays))
        verdict = Verdict(report)
        if report.get("runs"):
            self.last = verdict
        return verdict_or_error(report)

    def close(self) -> None:
        """End the process. A later check starts another."""
        with self._lock:
            if self._server is not None:
                self._server.close()
                self._server = None

    def __enter__(self) -> Monitor:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ask(self, request: dict[str, Any], frame: bytes) -> dict[str, Any]:
        request = {"run": self.run, **request}
        if self.records is not None:
            request["records"] = self.records
        if frame:
            request["bytes"] = len(frame)
        message = json.dumps(request).encode() + b"\n"
        with self._lock:
            if self._server is not None and not self._server.is_alive:
                # It was killed between two checks, as where memory ran out; the records say where it was.
                self._server.close()
                self._server = None
            if self._server is None:
                self._server = _Server(self._arguments)
            try:
                return self._server.ask(message, frame, self._timeout)
            except CollapseError:
                self._server.close()
                self._server = None
                raise

    def _leave_to_parent(self) -> None:
        """Called in a forked child: the process and its pipes are the parent's."""
        self._lock = threading.Lock()
        if self._server is not None:
            self._server.let_go()
            self._server = None


class _Server:
    """One `collapse serve` and what it prints."""

    def __init__(self, arguments: list[str]) -> None:
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            [node_or_error(), SCRIPT, "serve", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            bufsize=0,
            # Ctrl-C is for the training; this ends with its input.
            start_new_session=os.name == "posix",
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._stdin: IO[bytes] = self._process.stdin
        self._stdout: IO[bytes] = self._process.stdout
        self._lines: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=self._read, name="collapse-serve", daemon=True).start()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, message: bytes, frame: bytes, timeout: float | None) -> dict[str, Any]:
        with contextlib.suppress(BrokenPipeError):  # What it said last is still to be read.
            _write_all(self._stdin, message)
            _write_all(self._stdin, frame)
        try:
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            raise CollapseError(f"no verdict within {timeout} s", 70) from None
        if not line:
            raise self._ended()
        try:
            report = json.loads(line)["report"]
        except (ValueError, KeyError):  # It refused its flags in another form, and ended.
            raise self._ended() from None
        assert isinstance(report, dict)
        return report

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._stderr.close()

    def let_go(self) -> None:
        """Close this process's ends of the pipes, so that the parent's end alone keeps the server alive."""
        for stream in (self._stdin, self._stdout, self._stderr):
            with contextlib.suppress(OSError):
                stream.close()

    def _read(self) -> None:
        with open(os.dup(self._stdout.fileno()), "rb") as lines:
            for line in lines:
                self._lines.put(line)
        self._lines.put(b"")

    def _ended(self) -> CollapseError:
        code = self._process.wait()
        self._stderr.seek(0)
        said = self._stderr.read().decode("utf-8", "replace").strip()
        return CollapseError(said or f"`collapse serve` ended with code {code}", code if code in (2, 3) else 70)


def _write_all(stream: IO[bytes], data: bytes) -> None:
    view = memoryview(data)
    while len(view) > 0:
        view = view[stream.write(view) :]


_MONITORS: weakref.WeakSet[Monitor] = weakref.WeakSet()


def _after_fork() -> None:
    for monitor in list(_MONITORS):
        monitor._leave_to_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
