"""What the tool said, as Python objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]

#: Exit codes that are verdicts: no alert, an alert, nothing to judge yet.
VERDICTS = frozenset({0, 1, 4})


@dataclass(frozen=True)
class Diagnosis:
    """What a run suffers from. Steps are None where they are not known."""

    label: str
    #: The first step from which the values left what they had been.
    began: int | None = None
    #: The step at which that was confirmed.
    since: int | None = None
    #: The newest step before `began` without an alert: the checkpoint to go back to.
    last_good: int | None = None
    evidence: tuple[str, ...] = ()
    remedy: str | None = None


class Verdict:
    """The verdict on all runs that were checked; where there are several, of the one that is worst off.

    `exit_code` is that of the command line: 0 ok, 1 an alert, 4 nothing to judge yet. `report` is the whole
    document, as `collapse check --json` prints it.
    """

    def __init__(self, report: Json) -> None:
        self.report = report
        self.exit_code = int(report.get("exitCode", 70))
        self.status = str(report.get("status", "error"))
        runs = [run for run in report.get("runs") or [] if isinstance(run, Mapping)]
        self._run: Json = max(runs, key=_severity, default={})
        latest = self._run.get("latest")
        self._latest: Json = latest if isinstance(latest, Mapping) else {}

    @property
    def run(self) -> str | None:
        return self._run.get("run")

    @property
    def stop(self) -> bool:
        """Whether an alert that fails the run stands at the newest judged step: end the training, whatever the code."""
        return bool(self._latest.get("stop"))

    @property
    def alert(self) -> bool:
        """Whether an alert decides: at any judged step, or at the newest with `judge="latest"`."""
        return self.exit_code == 1 or self.stop

    @property
    def ok(self) -> bool:
        return self.exit_code == 0

    @property
    def too_early(self) -> bool:
        """Whether there is nothing to judge yet, or too little for the rules that decide. It is no error."""
        return self.exit_code == 4 or self.status == "early" or self._run.get("status") == "early"

    @property
    def level(self) -> str | None:
        """'error' or 'warn': of the gravest alert at the newest judged step."""
        return self._latest.get("level")

    @property
    def step(self) -> int | None:
        """The newest judged step; None without one, and of a step without a number."""
        return self._latest.get("step")

    @property
    def messages(self) -> list[str]:
        """Of the alerts at the newest judged step."""
        return [str(message) for message in self._latest.get("messages") or []]

    @property
    def diagnosis(self) -> Diagnosis | None:
        found = self._run.get("diagnosis")
        if not isinstance(found, Mapping) or "label" not in found:
            return None
        return Diagnosis(
            label=str(found["label"]),
            began=found.get("began"),
            since=found.get("since"),
            last_good=found.get("lastGood"),
            evidence=tuple(str(text) for text in found.get("evidence") or ()),
            remedy=found.get("remedy"),
        )

    @property
    def warnings(self) -> list[str]:
        return [str(warning.get("message")) for warning in self.report.get("warnings") or []]

    @property
    def errors(self) -> list[str]:
        return [error_text(error) for error in self.report.get("errors") or []]

    def scalars(self, prefix: str = "collapse/") -> dict[str, float]:
        """Return the metrics of the newest judged step that have a value, as a tracker's `log` takes them."""
        metrics = self._latest.get("metrics") or {}
        return {f"{prefix}{name}": float(value) for name, value in metrics.items() if value is not None}

    def __str__(self) -> str:
        at = "" if self.step is None else f" at step {self.step}"
        if self.level == "error":
            head = f"collapse{at}"
        elif self.level == "warn":
            head = f"warning{at}"
        elif self.exit_code in (2, 3, 70):
            return f"not judged: {'; '.join(self.errors) or self.status}"
        elif self.alert:
            head = f"an earlier alert, none{at}"
        else:
            return f"too early to tell{at}" if self.too_early else f"no alert{at}"
        found = self.diagnosis
        if found is not None and found.label not in ("healthy", "not enough data"):
            head += f": {found.label}"
            head += "" if found.began is None else f", began at step {found.began}"
            head += "" if found.last_good is None else f", last good step {found.last_good}"
        return head + (f": {'; '.join(self.messages)}" if self.messages else "")

    def __repr__(self) -> str:
        return f"<Verdict {self}>"


class CollapseError(RuntimeError):
    """The tool could not judge all that it was given: exit code 2 (usage), 3 (input) or 70 (a bug).

    `verdict` is there where one was reached all the same: 3 outranks 1, so look at `error.verdict.stop` before you go
    on.
    """

    def __init__(self, message: str, exit_code: int, verdict: Verdict | None = None) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.verdict = verdict


def verdict_or_error(report: Json, stderr: str = "") -> Verdict:
    """Return the verdict in a report. Raises CollapseError where its exit code is none."""
    verdict = Verdict(report)
    if verdict.exit_code in VERDICTS:
        return verdict
    message = stderr.strip() or "\n".join(verdict.errors) or str(report.get("exitReason", "no report"))
    raise CollapseError(message, verdict.exit_code, verdict)


def error_text(error: Json) -> str:
    """Return an error of a report in one line."""
    where = ", ".join(str(part) for part in (error.get("path"), _step_text(error.get("step"))) if part is not None)
    hint = error.get("hint")
    text = f"[{error.get('code')}] {error.get('message')}"
    return text + (f" ({where})" if where else "") + (f"; {hint}" if hint else "")


def _step_text(step: int | None) -> str | None:
    return None if step is None else f"step {step}"


def _severity(run: Json) -> int:
    latest = run.get("latest")
    if isinstance(latest, Mapping):
        if latest.get("stop"):
            return 4
        if latest.get("level") == "error":
            return 3
    if run.get("status") == "alert":
        return 2
    return 1 if run.get("status") in ("warning", "error") else 0
