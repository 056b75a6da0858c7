"""Checksums for pip, for whoever wants to be sure to get the same files again.

    python tools/hashes.py --to hashes.txt              what this Python on this machine would install
    pip install --require-hashes -r hashes.txt          the same files, or none
    pip install --no-deps -e .

Arguments after `--` go to pip, for instance another index: `… --to hashes.txt -- --index-url …`. The list
holds for one system, one Python and one build of PyTorch, which is why none lies in the repository.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = "diffusion,test"


def report(more: list[str]) -> dict[str, Any]:
    """What pip would install into an empty environment, and from where."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet"]
    command += ["--report", "-", "-c", str(ROOT / "constraints.txt"), *more, f"{ROOT}[{EXTRAS}]"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit("StableGen: pip found no set of packages; its message stands above.")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def lines(found: dict[str, Any]) -> list[str]:
    """One requirement for each package, with the checksum of its file; without StableGen itself."""
    written = []
    for one in found["install"]:
        archive = one["download_info"].get("archive_info")
        if archive is None:  # a folder: this one
            continue
        name, version = one["metadata"]["name"], one["metadata"]["version"]
        if not archive.get("hashes", {}).get("sha256"):
            sys.exit(f"StableGen: pip tells no checksum for {name}=={version}; is its index an old one?")
        written.append(f"{name.lower()}=={version} --hash=sha256:{archive['hashes']['sha256']}")
    return sorted(written)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, required=True, help="the file to write")
    parser.add_argument("pip", nargs="*", help="arguments for pip, after --")
    asked = parser.parse_args()
    asked.to.write_text("\n".join(lines(report(asked.pip))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
