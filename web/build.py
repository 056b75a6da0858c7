"""Builds the site: `python web/build.py`, which `make site` calls. The result is in build/site."""

import shutil
import sys
import time

import exports
import glossary
import landing
import reference
from sphinx.cmd.build import main as sphinx
from staging import ROOT, WEB, MissingPackages, fill, stage

BUILD = ROOT / "build"
SITE, SOURCE = BUILD / "site", BUILD / "site-source"
STATIC = SOURCE / "_static"


def main() -> int:
    """Returns the exit status: 0, unless something is missing or Sphinx warned."""
    begin = time.monotonic()
    try:
        stage(SOURCE)
    except MissingPackages as error:
        print(f"StableGen: {error}", file=sys.stderr)
        return 1
    facts = exports.write(STATIC / "live", BUILD / "site-exports")
    for page in ("index", "explore", "prompter"):
        fill(SOURCE / f"{page}.md", **facts)
    landing.write(SOURCE)
    glossary.write(SOURCE)
    reference.write(SOURCE)
    exported = time.monotonic()
    shutil.rmtree(SITE, ignore_errors=True)  # pages that are no more would stay
    options = {"html_static_path": STATIC, "html_favicon": STATIC / "live" / "face.png"}
    status = sphinx(
        ["-b", "html", "-c", str(WEB), "-d", str(BUILD / "site-doctrees"), "-q", "-W", "--keep-going",
         *(part for name, value in options.items() for part in ("-D", f"{name}={value}")),
         str(SOURCE), str(SITE)]
    )  # fmt: skip
    files = [path for path in SITE.rglob("*") if path.is_file()]
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    seconds = (
        f"{exported - begin:.0f} s for what they show, {time.monotonic() - exported:.0f} s for the pages"
    )
    print(f"{SITE.relative_to(ROOT)}: {len(files)} files, {megabytes:.1f} MB; {seconds}")
    return status


if __name__ == "__main__":
    sys.exit(main())
