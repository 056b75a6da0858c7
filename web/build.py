"""Builds the site: `python web/build.py`, which `make site` calls. The result is in build/site."""

import argparse
import sys
import time
from pathlib import Path

import export_faces
import export_prompter
import glossary
import landing
import reference
from sphinx.cmd.build import main as sphinx
from staging import ROOT, WEB, MissingPackages, fill, stage

BUILD = ROOT / "build"


def main() -> int:
    """Returns the exit status: 0, unless Sphinx warned."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=BUILD / "site", help="where the pages go")
    there = parser.parse_args().to
    begin, source = time.monotonic(), BUILD / "site-source"
    try:
        stage(source)
    except MissingPackages as error:
        print(f"StableGen: {error}", file=sys.stderr)
        return 1
    numbers = export_faces.write(source / "_static" / "live").averaged_generator.parameters()
    steps = export_prompter.write(source / "_static" / "live").steps
    landing.write(source)
    fill(source / "prompter.md", steps=str(steps))
    fill(source / "explore.md", faces=f"{sum(p.numel() for p in numbers):,}")
    glossary.write(source)
    reference.write(source)
    status = sphinx(
        ["-b", "html", "-c", str(WEB), "-d", str(BUILD / "site-doctrees"), "-q", "-W", "--keep-going",
         "-D", f"html_static_path={source / '_static'}",
         "-D", f"html_favicon={source / '_static' / 'live' / 'face.png'}",
         str(source), str(there)]
    )  # fmt: skip
    files = [path for path in there.rglob("*") if path.is_file()]
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    print(f"{there}: {len(files)} files, {megabytes:.1f} MB, {time.monotonic() - begin:.0f} s")
    return status


if __name__ == "__main__":
    sys.exit(main())
