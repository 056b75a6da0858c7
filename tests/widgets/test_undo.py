"""Claims about undo and redo."""

from stablegen_lib.widgets.undo import Undo


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def make(**changes):
    clock = Clock()
    return Undo("a", clock=clock, **changes), clock


def test_undo_goes_back_and_redo_forward_again():
    history, _ = make()
    history.change("b", "seed")
    history.change("c", "truncation")
    assert [history.undo(), history.undo()] == ["b", "a"]
    assert [history.redo(), history.redo()] == ["b", "c"]


def test_nothing_to_undo_or_redo_changes_nothing_and_says_so():
    history, _ = make()
    assert (history.can_undo, history.can_redo) == (False, False)
    assert (history.undo(), history.redo()) == ("a", "a")
    history.change("b", "seed")
    assert (history.can_undo, history.can_redo) == (True, False)
    history.undo()
    assert (history.can_undo, history.can_redo) == (False, True)


def test_a_drag_is_one_change_and_a_pause_ends_it():
    history, clock = make(pause=0.8)
    for state in "bcd":
        history.change(state, "offset 0")
        clock.now += 0.1
    clock.now += 1
    history.change("e", "offset 0")
    assert [history.undo(), history.undo()] == ["d", "a"]


def test_two_sliders_moved_quickly_are_two_changes():
    history, _ = make()
    history.change("b", "offset 0")
    history.change("c", "offset 1")
    assert history.undo() == "b"


def test_a_drag_right_after_an_undo_stands_for_itself():
    history, _ = make()
    history.change("b", "offset 0")
    history.change("c", "seed")
    history.undo()
    history.change("d", "seed")
    assert history.undo() == "b"


def test_a_new_change_forgets_what_was_undone():
    history, _ = make()
    history.change("b", "seed")
    history.undo()
    history.change("c", "truncation")
    assert not history.can_redo
    assert history.undo() == "a"


def test_only_so_many_states_are_kept():
    history, _ = make(longest=3)
    for number in range(10):
        history.change(str(number), f"kind {number}")
    steps = 0
    while history.can_undo:
        history.undo()
        steps += 1
    assert steps == 3
    assert history.state == "6"
