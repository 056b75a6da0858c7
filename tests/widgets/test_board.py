"""Claims about the Board widget: what the menus say is drawn, described, and kept as a still picture."""

import base64
import io

import matplotlib.pyplot as plt
import pytest
from PIL import Image

from stablegen_lib.widgets import Board

MENUS = {"data": ("ring", "grid"), "sort by": ("modes", "mass")}


@pytest.fixture
def drawn():
    return []


@pytest.fixture
def board(drawn):
    def draw(*, data, sort_by):
        drawn.append((data, sort_by))
        figure, ax = plt.subplots(figsize=(2, 1 + len(drawn)))
        ax.set_title(data)
        return (figure if len(drawn) % 2 else ax), f"{data}, sorted by {sort_by}."

    plt.close("all")  # what other tests have left open
    return Board(draw, MENUS)


def size(png):
    return Image.open(io.BytesIO(png)).size


def test_it_opens_with_the_first_word_of_each_menu(board, drawn):
    assert drawn == [("ring", "modes")]
    assert board.description() == "ring, sorted by modes."
    assert board.picture.frame["png"] == board.still_png()
    assert board.picture.frame["alt"] == board.description()


def test_a_menu_on_the_page_draws_again_and_says_so(board, drawn):
    before = size(board.still_png())
    board.menus["data"].set_state({"index": 1})  # what the message of a menu calls
    assert drawn[-1] == ("grid", "modes")
    assert size(board.still_png())[1] > before[1]
    assert "grid, sorted by modes." in board.status.value
    assert "aria-live" in board.status.value


def test_choosing_from_python_is_the_same_and_a_wrong_word_is_refused_before_anything_changes(board, drawn):
    board.choose(data="grid", sort_by="mass")
    assert drawn[-1] == ("grid", "mass")
    with pytest.raises(ValueError, match="choose from modes, mass"):
        board.choose(data="ring", sort_by="beauty")
    with pytest.raises(ValueError, match="choose from data, sort_by"):
        board.choose(colour="red")
    assert board.menus["data"].value == "grid"


def test_no_figure_stays_open_and_the_still_has_a_description(board):
    assert plt.get_fignums() == []
    data, metadata = board._repr_mimebundle_()
    assert size(base64.b64decode(data["image/png"]))[1] > size(board.still_png())[1]
    assert metadata["image/png"]["alt"].startswith("ring, sorted by modes.")


def test_an_error_while_drawing_is_shown_and_raised():
    def draw(*, data):
        if data == "grid":
            raise ZeroDivisionError("nothing there")
        return plt.figure(), "fine"

    board = Board(draw, {"data": ("ring", "grid")})
    with pytest.raises(ZeroDivisionError):
        board.choose(data="grid")
    assert "nothing there" in board.message.value


@pytest.mark.parametrize("menus", [{}, {"data": ()}])
def test_a_board_without_a_choice_is_refused(menus):
    with pytest.raises(ValueError, match="at least one menu"):
        Board(lambda **_: (plt.figure(), ""), menus)


def test_words_in_an_order_get_a_slider_that_draws_as_a_menu_does(drawn):
    def draw(*, sort_by, data):
        drawn.append((data, sort_by))
        return plt.figure(), f"{data}, sorted by {sort_by}."

    board = Board(draw, MENUS, sliders=("sort by",), invitation="Run it to move the slider.")
    board.menus["sort by"].set_state({"index": 1})  # what the message of a slider calls
    assert drawn == [("ring", "modes"), ("ring", "mass")]
    board.choose(sort_by="modes")
    assert board.description() == "ring, sorted by modes."
    data, _ = board._repr_mimebundle_()
    assert data["text/plain"] == "Board(data: ring, sort by: modes) – Run it to move the slider."
    assert Board(draw, MENUS).INVITATION == "Run this notebook to sort it."


def test_a_slider_that_is_no_menu_is_refused():
    with pytest.raises(ValueError, match="none with the name 'beauty'"):
        Board(lambda **_: (plt.figure(), ""), MENUS, sliders=("beauty",))
