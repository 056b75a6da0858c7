"""Runs a command, and ends it with all its descendants as soon as the process that asked for it is gone.

`python guard.py command…` with a pipe as standard input, into which nothing is ever written: reading ends
when the other end is closed, or when the process that holds it dies, be it by SIGKILL. A server that outlived
its test would go on with all its kernels.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading

import psutil

GRACE = 15  # seconds in which JupyterLab and Voilà can end their kernels themselves


def end(process: psutil.Process) -> None:
    """Asks the process, which ends its own children best; then kills whoever is left."""
    with contextlib.suppress(psutil.NoSuchProcess):
        family = [process, *process.children(recursive=True)]
        process.terminate()
        _, alive = psutil.wait_procs(family, timeout=GRACE)
        for one in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                family = [one, *one.children(recursive=True)]  # also those that came meanwhile
                for late in family:
                    late.kill()


def main() -> int:
    gone = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: gone.set())
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the tests, which then close the pipe
    process = psutil.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)

    def listen() -> None:
        while os.read(0, 1):
            pass
        gone.set()

    threading.Thread(target=listen, daemon=True).start()
    while process.poll() is None and not gone.wait(0.2):
        pass
    end(process)
    return int(process.wait())


if __name__ == "__main__":
    sys.exit(main())
