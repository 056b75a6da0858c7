"""A class of visitors at once on `make demo`: does everybody get a page and a working slider?

Each visitor is a real page in Chromium with cookies of its own. All open the explorer in the same
moment; when all have it, all press a key in the same moment. Then memory is read. Used by
``make bench``; by hand: ``python benchmarks/visitors.py 20``.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.async_api import Browser, Page, async_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "helpers"))

from browsers import FLAGS
from servers import Server, chromium, demo

CLASS = 20
PATIENCE = 300_000  # ms; twenty kernels start on however few cores there are
SHOWN = "() => Number(document.querySelector('canvas.stablegen-picture')?.dataset.number ?? 0)"
NEWER = "before => Number(document.querySelector('canvas.stablegen-picture').dataset.number) > before"
PIXELS = "() => document.querySelector('canvas.stablegen-picture').toDataURL()"


@dataclass
class Visitor:
    """One page, and what it had to wait for, in seconds."""

    page: Page
    opened: float = 0.0
    moved: float = 0.0
    changed: bool = False


async def arrive(visitor: Visitor, server: Server) -> None:
    """Opens the explorer and waits until its slider and picture stand there."""
    began = time.perf_counter()
    await visitor.page.goto(server.address("voila/render/explorer.ipynb"), timeout=PATIENCE)
    await visitor.page.get_by_role("slider", name="direction 1", exact=True).wait_for(timeout=PATIENCE)
    await visitor.page.wait_for_function(f"({SHOWN})() > 0", timeout=PATIENCE)
    visitor.opened = time.perf_counter() - began


async def move(visitor: Visitor) -> None:
    """Moves the slider by one key and waits for the next picture."""
    page = visitor.page
    before, pixels = await page.evaluate(SHOWN), await page.evaluate(PIXELS)
    await page.get_by_role("slider", name="direction 1", exact=True).focus()
    began = time.perf_counter()
    for _ in range(5):
        await page.keyboard.press("ArrowRight")
    await page.wait_for_function(NEWER, arg=before, timeout=PATIENCE)
    visitor.moved = time.perf_counter() - began
    await page.get_by_text("direction 1 at +0.5").first.wait_for(timeout=PATIENCE)
    visitor.changed = await page.evaluate(PIXELS) != pixels


def memory(process: psutil.Process) -> float:
    """Megabytes; what processes share is split among them where the system can tell (Linux)."""
    info = process.memory_full_info()
    return float(getattr(info, "pss", info.uss)) / 1e6


def kernels(server: Server) -> list[psutil.Process]:
    return server.process.children(recursive=True)


async def all_at_once(browser: Browser, server: Server, count: int) -> list[Visitor]:
    visitors = [Visitor(await (await browser.new_context()).new_page()) for _ in range(count)]
    await asyncio.gather(*(arrive(visitor, server) for visitor in visitors))
    await asyncio.gather(*(move(visitor) for visitor in visitors))
    return visitors


def report(visitors: list[Visitor], server: Server, before: float) -> None:
    """Prints waiting times and memory; fails unless everybody was served."""
    count, started = len(visitors), kernels(server)
    worked = sum(visitor.changed for visitor in visitors)
    print(
        f"\n{count} visitors at once, each a page in Chromium: {worked} saw their slider change the picture"
    )
    for what, seconds in (
        ("page with slider, s", [visitor.opened for visitor in visitors]),
        ("key to new picture, s", [visitor.moved for visitor in visitors]),
    ):
        print(f"  {what:<24}median {statistics.median(seconds):6.2f}   slowest {max(seconds):6.2f}")
    together = sum(memory(process) for process in started)
    alone = statistics.median(process.memory_info().rss for process in started) / 1e6
    growth = memory(server.process) - before
    print(f"  kernels, MB a visitor   {together / count:6.0f}   ({len(started)} kernels, shared pages split)")
    print(f"  one kernel by itself    {alone:6.0f}   (resident, shared pages counted in full)")
    print(f"  Voilà, MB a visitor     {growth / count:6.1f}   (server: {before:.0f} MB before)")
    assert worked == count, "not everybody got a working slider"
    assert len(started) == count, "one kernel for each visitor"


async def leave(visitors: list[Visitor], server: Server) -> float:
    """Everybody goes; returns the seconds until the last kernel has ended."""
    began = time.perf_counter()
    for visitor in visitors:
        await visitor.page.close(run_before_unload=True)
    while kernels(server) and time.perf_counter() - began < 60:
        await asyncio.sleep(0.2)
    return time.perf_counter() - began


async def visit(server: Server, count: int) -> None:
    before = memory(server.process)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        visitors = await all_at_once(browser, server, count)
        report(visitors, server, before)
        seconds = await leave(visitors, server)
        print(
            f"  after everybody left    {len(kernels(server)):6d}   kernels, {seconds:.0f} s later",
            flush=True,
        )
        await browser.close()


def main(count: int = CLASS, *more: str) -> None:
    """Serves the demo, with more arguments if wanted, to so many visitors."""
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder), *more) as server:
        asyncio.run(visit(server, count))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CLASS, *sys.argv[2:])
