"""Serves the demonstrations in `demo/` to this computer: `make demo`.

Voilà runs each notebook and shows only its outputs. On its own it asks for no token; here it
does. Whoever has the token can run programs as you, so give it to nobody you would not lend
this computer to. Arguments are passed on to Voilà: `make demo DEMO_ARGS="--port=9000 --no-browser"`.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
IDLE = 600  # seconds after which a kernel whose page is gone is stopped


def arguments() -> list[str]:
    """What Voilà is started with; each time it makes a new token and prints it."""
    return [
        str(ROOT / "demo"),
        "--template=stablegen",
        "--classic-tree",
        "--Voila.ip=127.0.0.1",
        "--Voila.auto_token=True",
        "--show_tracebacks=False",
        "--strip_sources=True",
        f"--MappingKernelManager.cull_idle_timeout={IDLE}",
        f"--MappingKernelManager.cull_interval={IDLE // 10}",
        "--VoilaConfiguration.file_allowlist=nothing",
    ]


def main() -> None:
    os.environ["JUPYTER_PATH"] = os.pathsep.join(
        [str(ROOT / "tools" / "demo_templates"), *filter(None, [os.environ.get("JUPYTER_PATH")])]
    )
    # With many visitors, several threads for each would only wait for each other (CONTRIBUTING.md).
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from voila.app import Voila  # reads JUPYTER_PATH when it is imported

    Voila.launch_instance([*arguments(), *sys.argv[1:]])


if __name__ == "__main__":
    main()
