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
from xdist.scheduler import LoadScopeScheduling

# The two replacements below reach into nbval; read its kernel.py again before allowing another version.
assert nbval.__version__.startswith("0.11."), (
    f"conftest.py was written for nbval 0.11, not {nbval.__version__}"
)

# The same examples on every machine, and no time limit that a busy one would break.
# To look further: make test PYTEST_ARGS=--hypothesis-profile=default
hypothesis.settings.register_profile("stablegen", deadline=None, derandomize=True)
hypothesis.settings.load_profile("stablegen")

# One thread for each worker and each notebook, set before torch is imported; kernels and servers inherit it.
# A second one saves a third of the time on an idle machine, and on a busy one both wait for each other at
# every operation: the loop was then twelve times slower.
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


# Roughly the seconds each takes on one busy core; whatever is not listed is quick. Only the order of size
# matters: the longest start first, so that all cores finish together.
SECONDS = {
    "notebooks/05_training_loop.ipynb": 600,
    "browser": 580,
    "notebooks/13_latent_diffusion.ipynb": 220,
    "notebooks/15_your_own_pictures.ipynb": 150,
    "tests/browser/test_interrupted.py": 220,
    "notebooks/12_generator_meets_autoencoder.ipynb": 160,
    "notebooks/06_latent_exploration.ipynb": 80,
    "notebooks/11_variational_autoencoder.ipynb": 80,
    "notebooks/07_stability.ipynb": 75,
    "tests/latent_diffusion/test_prompted.py": 70,
    "notebooks/10_data_augmentation.ipynb": 65,
    "notebooks/08_image_generation.ipynb": 60,
    "notebooks/09_image_editing.ipynb": 50,
    "tests/repository/test_slow_doors.py": 70,
    "tests/repository/test_doors.py": 95,
    "tests/latent_diffusion/test_doors.py": 60,
    "tests/repository/test_demo_access.py": 50,
    "tests/classroom/test_in_browser.py": 125,
    "tests/lessons/test_devices.py": 180,
    "tests/lessons/test_canaries.py": 50,
    "notebooks/14_the_article_checked.ipynb": 50,
    "tests/training/test_survive.py": 35,
    "notebooks/03_discriminator.ipynb": 60,
    "notebooks/02_generator.ipynb": 45,
    "notebooks/00_start_here.ipynb": 40,
    "tests/lessons/test_gaps.py": 60,
    "tests/training/test_distributed.py": 35,
    "tests/repository/test_wheel.py": 60,
    "tests/repository/test_hosted.py": 45,
    "tests/experiments/augmentation/test_trials.py": 20,
}
NOTEBOOK = 20
# Left out by `make check`, besides all that stands in SECONDS: files that need more than a few seconds.
SLOW = (
    "tests/data/test_looking.py",
    "tests/classroom/test_qti_schema.py",
    "tests/repository/test_contracts.py",
    "tests/sharing/test_page.py",
    "tests/repository/test_hashes.py",
    "tests/repository/test_schedule.py",
    "tests/data/test_names.py",
    "tests/data/test_peeps.py",
    "tests/data/test_portraits.py",
    "tests/editing/test_colouring.py",
    "tests/experiments/contest/test_beards.py",
    "tests/experiments/contest/test_cost.py",
    "tests/experiments/contest/test_marks.py",
    "tests/experiments/test_flags.py",
    "tests/diffusion/test_steps.py",
    "tests/latent_diffusion/test_caption_bank.py",
    "tests/latent_diffusion/test_clip.py",
    "tests/latent_diffusion/test_components.py",
    "tests/latent_diffusion/test_first_stage.py",
    "tests/latent_diffusion/test_folders.py",
    "tests/latent_diffusion/test_hearing.py",
    "tests/latent_diffusion/test_looking.py",
    "tests/latent_diffusion/test_precision.py",
    "tests/latent_diffusion/test_training.py",
    "tests/experiments/survival/test_results.py",
    "tests/experiments/test_autoencoders.py",
    "tests/experiments/test_portrait_autoencoders.py",
    "tests/stability/test_dirac.py",
    "tests/plumbing/test_layers.py",
    "tests/training/test_state.py",
    "tests/vae/test_training.py",
    "tests/widgets/duel/test_game.py",
    "tests/widgets/ideas/test_base.py",
    "tests/widgets/ideas/test_push.py",
    "tests/widgets/ideas/test_two_curves.py",
    "tests/widgets/test_picture_slider.py",
)
BROWSER_OF_ITS_OWN = "tests/browser/test_interrupted.py"


def group_of(nodeid: str) -> str:
    """What one worker runs in one go: the cells of a notebook share a kernel, most files share fixtures.

    Browser tests share their servers, and two browsers would wait for each other.
    """
    file = nodeid.partition("::")[0]
    if file.startswith("tests/release/"):
        return nodeid  # each is a whole lesson with a kernel of its own
    if file.startswith("tests/browser/") and file != BROWSER_OF_ITS_OWN:
        return "browser"
    return file


def seconds(group: str) -> int:
    return SECONDS.get(group, NOTEBOOK if group.endswith(".ipynb") else 0)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Hands out whole groups. `--dist=loadgroup` would not: xdist 3.8 writes the groups into `item._nodeid`,

    which pytest 9.2 no longer reads, and then every cell of a notebook goes to another worker.
    """
    return ByGroup(config, log)


class ByGroup(LoadScopeScheduling):
    def _split_scope(self, nodeid):
        return group_of(nodeid)


def is_slow(group: str) -> bool:
    return group in SLOW or seconds(group) >= NOTEBOOK


def pytest_ignore_collect(collection_path, config):
    """`make check` does not even import what it would leave out: that alone takes seconds in each worker."""
    name = collection_path.relative_to(config.rootpath).as_posix()
    if config.option.markexpr == "not slow" and collection_path.is_file() and is_slow(group_of(name)):
        return True
    return None  # let others decide


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: -seconds(group_of(item.nodeid)))  # a stable sort: files stay in one piece
    for item in items:
        group = group_of(item.nodeid)
        if is_slow(group):
            item.add_marker(pytest.mark.slow)
        if hasattr(item, "output_timeout"):  # a notebook cell
            item.output_timeout = 60  # seconds between two messages; 5 is short on a busy machine
