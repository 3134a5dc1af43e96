"""What a user sees who imports the package, asks for its help, or checks types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WITHOUT = """
import sys
for name in ("lightning", "pytorch_lightning", "transformers", "torch"):
    sys.modules[name] = None
"""


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


def test_everything_imports_without_the_frameworks() -> None:
    done = python(f"{WITHOUT}\nfrom embedding_collapse import *\nprint(save_step, Monitor, CollapseGate, __version__)")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "package"), [("LightningCallback", "lightning"), ("HuggingFaceCallback", "transformers")]
)
def test_a_callback_says_what_it_needs(name: str, package: str) -> None:
    done = python(f"{WITHOUT}\nfrom embedding_collapse import {name}")
    assert f"ImportError: {name} needs {package}, which is not installed" in done.stderr


def test_pydoc_shows_what_to_call() -> None:
    done = python(
        f"{WITHOUT}\nimport pydoc, embedding_collapse\nprint(pydoc.plain(pydoc.render_doc(embedding_collapse)))"
    )
    assert done.returncode == 0, done.stderr
    for text in ("check(run:", "save_step(", "class Monitor", "class CollapseGate", "class Verdict", "last_good"):
        assert text in done.stdout


USER = """
from __future__ import annotations
import numpy as np
from embedding_collapse import CollapseError, CollapseGate, Diagnosis, HuggingFaceCallback, LightningCallback
from embedding_collapse import Monitor, Verdict, check, save_step
from pathlib import Path

x = np.zeros((4, 3))
folder: Path = save_step("run", 5, prediction=x, target=x, overwrite=True)
try:
    verdict: Verdict = check(Path("run"), after=1000, judge="latest", fail_if=["pred_r2 < 0"])
except CollapseError as error:
    code: int = error.exit_code
    maybe: Verdict | None = error.verdict
with Monitor("run", after=3, records=None) as monitor:
    answer = monitor.check(5, prediction=x)
    stops: bool = answer.stop
    found: Diagnosis | None = answer.diagnosis
    good: int | None = None if found is None else found.last_good
    scalars: dict[str, float] = answer.scalars()
gate = CollapseGate("run", x, every=5, embed=lambda model, batch: (batch, batch))
stop: bool = gate(object(), 5)
callbacks = [LightningCallback("run", x, every=5), HuggingFaceCallback("run", {"x": x})]
"""


def test_a_script_is_checked_strictly(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    script = tmp_path / "user.py"
    wrong = 'check("run").stopp\nsave_step("run", 5)\nMonitor("run").check(5, prediction=0, targt=1)\n'
    script.write_text(f"{USER}\n{wrong}", encoding="utf-8")
    frameworks = "[mypy-torch.*,lightning.*,pytorch_lightning.*,transformers.*]\nfollow_imports = skip\n"
    (tmp_path / "mypy.ini").write_text(f"[mypy]\nstrict = True\n{frameworks}ignore_missing_imports = True\n")
    command = [sys.executable, "-m", "mypy", "--python-version", "3.10", "user.py"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    errors = [line.split("error: ")[1] for line in done.stdout.splitlines() if "error: " in line]
    assert len(errors) == 3, done.stdout
    for text, said in zip(("stopp", "prediction", "targt"), errors):
        assert text in said
