"""Claims about runs that end badly: killed, out of space, locked out, fed with NaN, stopped by a button."""

import math
import os
import subprocess
import sys

import pytest
import tiny
from jupyter_client.manager import KernelManager
from places import HELPERS, ROOT

from stablegen_lib import data, training

SURVIVE = HELPERS / "survive.py"
RECIPE = tiny.recipe(r1_gamma=0.1, averaging_decay=0.9)
posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, signals and limits of POSIX")


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=HELPERS, capture_output=True, text=True, timeout=300
    )


# --- killed ---------------------------------------------------------------------------------------------


@posix
def test_killed_at_random_moments_every_resumed_run_equals_the_unbroken_one():
    """The short form of ``python tests/helpers/survive.py --kills 50``."""
    done = python(str(SURVIVE), "--kills", "5")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("killed 5 times")


FORGETFUL = """
import survive
from stablegen_lib import training
resume = training.resume
def forgetful(*arguments, **options):
    model, state = resume(*arguments, **options)
    state.random.manual_seed(0)
    return model, state
training.resume = forgetful
survive.survive(kills=5, seed=0)
"""


@posix
def test_the_killing_test_notices_a_resume_that_forgets_the_random_numbers():
    done = python("-c", FORGETFUL)
    assert done.returncode != 0
    assert "it ended elsewhere" in done.stderr


# --- no room, no right ----------------------------------------------------------------------------------

GOES_WRONG = """
import os, resource, sys, tempfile
from pathlib import Path
import survive, tiny
from stablegen_lib import training

def run(path, until, model=None, state=None):
    model = model or tiny.model(survive.IMAGES)
    state = state or training.start(model, survive.RECIPE)
    steps = until - state.number
    for _ in training.train(model, survive.IMAGES, steps=steps, state=state, save_to=path, save_every=2):
        pass
    return model, state

def full(folder):
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))  # the kernel refuses the rest of the file

def locked(folder):
    folder.chmod(0o555)
    if os.geteuid() == 0:
        os.setuid(65534)  # an administrator may write anywhere

def tried(work):
    try:
        work()
    except OSError as error:
        print(type(error).__name__, error)

with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    model, state = run(folder / "unbroken", 6)
    whole = (folder / "unbroken.safetensors").read_bytes()
    assert len(whole) > 20_000
    for trap in (full, locked):
        folder.chmod(0o755)
        model, state = run(folder / "run", 4)
        before = (folder / "run.safetensors").read_bytes()

        def child():
            trap(folder)
            tried(lambda: run(folder / "run", 6, model, state))

        survive.finished(survive.forked(lambda: (child(), sys.stdout.flush())))
        folder.chmod(0o755)
        assert (folder / "run.safetensors").read_bytes() == before, "the earlier state changed"
        assert sorted(os.listdir(folder)) == ["run.safetensors", "unbroken.safetensors"], os.listdir(folder)
        run(folder / "run", 6, *training.resume(folder / "run", device="cpu"))
        assert (folder / "run.safetensors").read_bytes() == whole, "resumed, it ended elsewhere"
        (folder / "run.safetensors").unlink()
"""


@posix
def test_a_full_disk_and_a_locked_folder_are_named_and_the_earlier_state_goes_on():
    """Really refused by the kernel: in the middle of a file, and before it exists."""
    done = python("-c", GOES_WRONG)
    assert done.returncode == 0, done.stderr
    full, locked = done.stdout.splitlines()
    assert full.startswith("OSError [Errno 27] File too large. Nothing was saved")
    assert "Free some space, or save elsewhere" in full
    assert locked.startswith("PermissionError [Errno 13] Permission denied. Nothing was saved")
    assert "Make the folder writable, or save elsewhere" in locked
    assert all(
        "an earlier file is as it was" in line and "run.safetensors'" in line for line in (full, locked)
    )


# --- NaN in a batch -------------------------------------------------------------------------------------


def test_nan_in_a_batch_stops_the_run_before_anything_moves_and_it_goes_on_with_mended_data(tmp_path):
    points, unbroken = data.ring(samples=60), tiny.point_model()
    list(training.train(unbroken, points, steps=6, recipe=RECIPE))
    model, good = tiny.point_model(), points.points.clone()
    steps = training.train(model, points, steps=6, recipe=RECIPE, save_to=tmp_path / "run", save_every=1)
    state = [next(steps) for _ in range(3)][-1].state
    before = tiny.copied(model.state_dict())
    points.points.fill_(math.nan)  # after the data were looked at
    with pytest.raises(training.TrainingStopped, match=r"step 4: the discriminator's loss is nan.*data"):
        next(steps)
    points.points.copy_(good)
    assert tiny.equal(model.state_dict(), before)
    resumed, saved = training.resume(tmp_path / "run", device="cpu")
    assert saved.number == state.number == 3
    list(training.train(resumed, points, steps=3, state=saved))
    assert tiny.equal(resumed.state_dict(), unbroken.state_dict())


# --- the stop button ------------------------------------------------------------------------------------

START = """
import sys
sys.path.insert(0, "tests/helpers")
import tiny
from stablegen_lib import data, training
points, recipe = data.ring(samples=60), tiny.recipe(r1_gamma=0.1, averaging_decay=0.9)
model = tiny.point_model()
state = training.start(model, recipe)
"""
LOOP = """
for step in training.train(model, points, steps=10**9, state=state):
    if step.number == 20:
        print("under way", flush=True)
"""
GO_ON = """
stopped_at = state.number
for _ in training.train(model, points, steps=5, state=state):
    pass
unbroken = tiny.point_model()
for _ in training.train(unbroken, points, steps=stopped_at + 5, recipe=recipe):
    pass
assert stopped_at >= 20
print(tiny.equal(model.state_dict(), unbroken.state_dict()))
"""


def executed(client, source: str, on_output=lambda: None) -> tuple[str, str]:
    """What a cell prints, and the name of the error it ends with ("" if none)."""
    printed = []

    def output(message) -> None:
        if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
            printed.append(message["content"]["text"])
            on_output()

    reply = client.execute_interactive(source, timeout=120, output_hook=output, allow_stdin=False)
    return "".join(printed), reply["content"].get("ename", "")


@pytest.mark.filterwarnings("default")  # of Jupyter's own messaging
def test_the_stop_button_of_a_notebook_loses_nothing():
    """The kernel is interrupted as JupyterLab does it; the next cell goes on as if nothing had happened."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(ROOT))
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        assert executed(client, START) == ("", "")
        assert executed(client, LOOP, manager.interrupt_kernel) == ("under way\n", "KeyboardInterrupt")
        assert executed(client, GO_ON) == ("True\n", "")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
