"""Child processes that never outlive us, not even a kill -9 of ours."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def spawn(
    argv: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str],
    user: int | None = None,
    on_parents_death: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start ``argv`` in a session of its own, its output appended to ``log``.

    On Linux the kernel sends it ``on_parents_death`` when the calling thread ends, however it ends: call
    this from the main thread.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(word) for word in argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd="/" if user is not None else None,
            user=user,
            group=user,
            extra_groups=[] if user is not None else None,
            start_new_session=True,
            preexec_fn=_die_with(on_parents_death, os.getpid()),
        )


def stop(
    process: subprocess.Popen[bytes], *, by: signal.Signals = signal.SIGTERM, seconds: float = 10
) -> None:
    """Ask the process to end; kill its session when it has not after ``seconds``."""
    if process.poll() is None:
        process.send_signal(by)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def die_with_parent(death_signal: signal.Signals) -> None:
    """Have the kernel send this process ``death_signal`` when the thread that started it ends; Linux only."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal))


def _die_with(death_signal: signal.Signals, parent: int) -> Callable[[], None]:
    def in_child() -> None:
        die_with_parent(death_signal)
        if os.getppid() != parent:  # died between fork and prctl
            os._exit(1)

    return in_child
