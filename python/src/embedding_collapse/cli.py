"""The console scripts `collapse` and `embedding-collapse`."""

from __future__ import annotations

import os
import sys

from ._node import SCRIPT, NodeNotFoundError, find_node


def main() -> int:
    """Run the tool in place of this process; on Windows beside it. Exit codes, stdin and signals are its own."""
    try:
        node = find_node()
    except NodeNotFoundError as error:
        print(f"error[E901] {error}", file=sys.stderr)
        return 70
    command = [node, SCRIPT, *sys.argv[1:]]
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(node, command)
    import signal
    import subprocess

    with subprocess.Popen(command) as process:
        # Ctrl-C reaches both: the tool answers it, and this waits for its code.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return process.wait()


if __name__ == "__main__":
    sys.exit(main())
