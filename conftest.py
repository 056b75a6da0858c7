"""Pytest settings for everything: unit tests, doctests and the notebooks (nbval)."""

import os
import shutil
import tempfile
import time
from queue import Empty

import hypothesis
import nbval
import pytest
from nbval.kernel import RunningKernel

# The two replacements below reach into nbval; read its kernel.py again before allowing another version.
assert nbval.__version__.startswith("0.11."), (
    f"conftest.py was written for nbval 0.11, not {nbval.__version__}"
)

# The same examples on every machine, and no time limit that a busy one would break.
# To look further: make test PYTEST_ARGS=--hypothesis-profile=default
hypothesis.settings.register_profile("stablegen", deadline=None, derandomize=True)
hypothesis.settings.load_profile("stablegen")

# One thread for tests and notebooks. A second one saves a third of the time on an idle machine, and on a
# busy one both wait for each other at every operation: the loop was then twelve times slower.
os.environ.setdefault("OMP_NUM_THREADS", "1")

await_reply = RunningKernel.await_reply


def execute_with_history(self, source, allow_stdin=None):
    """With history, as in JupyterLab: a trailing `;` stays quiet and `Out[3]` works."""
    return self.kc.execute(source, store_history=True, allow_stdin=allow_stdin, stop_on_error=False)


def await_reply_of_living_kernel(self, msg_id, timeout=None):
    """Notice a dead kernel after a second instead of at the cell timeout."""
    end = time.monotonic() + (float("inf") if timeout is None else timeout)
    while True:
        try:
            return await_reply(self, msg_id, timeout=min(1.0, max(0.05, end - time.monotonic())))
        except Empty:
            if not self.is_alive():
                raise RuntimeError("the kernel died while running this cell") from None
            if time.monotonic() >= end:
                raise


RunningKernel.execute_cell_input = execute_with_history
RunningKernel.await_reply = await_reply_of_living_kernel


def pytest_configure(config):
    """Keep the tester's own IPython start-up files and course progress out of the notebooks."""
    folder = tempfile.TemporaryDirectory(prefix="stablegen-tests-")
    config.add_cleanup(folder.cleanup)
    os.environ["IPYTHONDIR"] = os.path.join(folder.name, "ipython")
    os.environ["STABLEGEN_PROGRESS"] = os.path.join(folder.name, "progress")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Each notebook starts as a newcomer's would, whichever ran before it."""
    if hasattr(item.parent, "skip_compare") and item.parent.kernel is None:
        shutil.rmtree(os.environ["STABLEGEN_PROGRESS"], ignore_errors=True)


def pytest_collectstart(collector):
    if hasattr(collector, "skip_compare"):  # a notebook
        # Progress bars, and matplotlib's note about its font cache on a first start, go to stderr.
        # tests/lessons/test_notebooks.py sees to it that lessons do not store any.
        collector.skip_compare += ("stderr",)


def pytest_collection_modifyitems(items):
    for item in items:
        if hasattr(item, "output_timeout"):  # a notebook cell
            item.output_timeout = 30  # seconds between two messages; 5 is short on a busy machine
