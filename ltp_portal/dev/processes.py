"""Starting and stopping a long-running program so that it never outlives us."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

PR_SET_PDEATHSIG = 1


def spawn(command: Sequence[str], *, dies_by: signal.Signals, **options: Any) -> subprocess.Popen[bytes]:
    """Start the command out of reach of the terminal's Ctrl-C: we stop our programs in their order.

    Should we be killed outright, Linux sends `dies_by` to the program in our stead.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_die_with_parent(dies_by),
        **options,
    )


def stop(process: subprocess.Popen[bytes], by: signal.Signals, *, within: float) -> None:
    """Ask the program to end, and end it if it will not."""
    if process.poll() is not None:
        return
    process.send_signal(by)
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _die_with_parent(dies_by: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def prepare_child() -> None:
        prctl(PR_SET_PDEATHSIG, dies_by)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return prepare_child
