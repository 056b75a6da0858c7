"""Claims about Ctrl-C: it waits for the end of a step, and is never lost."""

import signal
import threading

import pytest
import tiny
import torch

from stablegen_lib import data, training
from stablegen_lib.plumbing.interrupt import finish_step_first
from stablegen_lib.training import loop


@pytest.fixture(autouse=True)
def usual_handler():
    """Whatever the tests were started from, an interrupt raises KeyboardInterrupt, and is restored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    after = signal.signal(signal.SIGINT, before)
    assert after is signal.default_int_handler


def press() -> None:
    signal.raise_signal(signal.SIGINT)


def test_an_interrupt_waits_until_the_block_is_done():
    done = []

    def work():
        with finish_step_first():
            press()
            done.append("the rest of the block")
        done.append("behind the block")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["the rest of the block"]


def test_without_an_interrupt_nothing_is_raised_and_the_next_one_comes_at_once():
    with finish_step_first():
        pass
    with pytest.raises(KeyboardInterrupt):
        press()


def test_pressing_twice_interrupts_once():
    calls = []
    signal.signal(signal.SIGINT, lambda *_: calls.append("interrupted"))
    with finish_step_first():
        press()
        press()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    assert calls == ["interrupted"]
    with finish_step_first():
        pass


def test_a_handler_of_the_caller_is_called_afterwards_and_restored():
    calls = []

    def own(number, frame):
        calls.append((number, frame is not None))

    signal.signal(signal.SIGINT, own)
    with finish_step_first():
        press()
        assert calls == []
    assert calls == [(signal.SIGINT, True)]
    assert signal.signal(signal.SIGINT, signal.default_int_handler) is own


def test_an_error_in_the_block_comes_through_and_the_handler_is_restored():
    with pytest.raises(ZeroDivisionError), finish_step_first():
        raise ZeroDivisionError
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_nested_blocks_deliver_at_the_end_of_the_outermost():
    done = []

    def work():
        with finish_step_first():
            with finish_step_first():
                press()
                done.append("inner")
            done.append("outer")
        done.append("behind")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["inner", "outer"]


def test_an_ignored_interrupt_stays_ignored():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with finish_step_first():
        press()
    assert signal.signal(signal.SIGINT, signal.default_int_handler) is signal.SIG_IGN


def test_in_another_thread_the_block_runs_and_handlers_stay():
    seen = []

    def work():
        with finish_step_first():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]


POINTS = data.ring(samples=50)
RECIPE = tiny.recipe(r1_gamma=0.1, averaging_decay=0.9)


def weights_after(steps: int) -> dict[str, torch.Tensor]:
    model = tiny.point_model()
    for _ in training.train(model, POINTS, steps=steps, recipe=RECIPE):
        pass
    return model.state_dict()


@pytest.mark.parametrize("turn", [1, 2])  # while D moves, and while G moves
def test_a_training_step_is_finished_before_the_interrupt_arrives(monkeypatch, turn):
    model, moves = tiny.point_model(), []
    move = loop._move

    def pressed(*arguments):
        moves.append(arguments)
        if len(moves) == 4 + turn:  # in the third step
            press()
        move(*arguments)

    monkeypatch.setattr(loop, "_move", pressed)
    steps = []
    with pytest.raises(KeyboardInterrupt):
        steps.extend(training.train(model, POINTS, steps=10, recipe=RECIPE))
    monkeypatch.undo()
    assert len(moves) == 6  # D and G, three times
    state = moves[0][-1]
    assert state.number == 3
    assert tiny.equal(model.state_dict(), weights_after(3))
    for _ in training.train(model, POINTS, steps=2, state=state):  # and it goes on from there
        pass
    assert tiny.equal(model.state_dict(), weights_after(5))


def test_an_interrupt_while_saving_waits_for_the_whole_file(monkeypatch, tmp_path):
    save = training.save_state

    def pressed(*arguments):
        press()
        return save(*arguments)

    monkeypatch.setattr(loop, "save_state", pressed)
    model = tiny.point_model()
    with pytest.raises(KeyboardInterrupt):
        for _ in training.train(
            model, POINTS, steps=9, recipe=RECIPE, save_to=tmp_path / "run", save_every=4
        ):
            pass
    resumed, state = training.resume(tmp_path / "run", device="cpu")
    assert state.number == 4
    assert tiny.equal(resumed.state_dict(), model.state_dict())


def test_training_runs_in_another_thread():
    model, failures = tiny.point_model(), []

    def work():
        try:
            for _ in training.train(model, POINTS, steps=3, recipe=RECIPE):
                pass
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert failures == []
    assert tiny.equal(model.state_dict(), weights_after(3))
