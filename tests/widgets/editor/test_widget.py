"""Claims about the Editor and the Sketchpad, driven from Python as a browser would drive them."""

import io
import math

import numpy as np
import pytest
import torch
from PIL import Image
from tiny_editor import faces, make_editor

from stablegen_lib import data, editing, plots
from stablegen_lib.plots.grid import encode_png
from stablegen_lib.widgets import Editor, Sketchpad
from stablegen_lib.widgets.upload import Sent


def make(**changes):
    return Editor(make_editor(), faces(), **changes)


def pad(**changes):
    torch.manual_seed(0)
    random = torch.Generator().manual_seed(0)
    images = torch.randint(256, (3, 1, 32, 32), generator=random, dtype=torch.uint8)
    drawings = data.ImageSet(images, torch.zeros(3, 0), (), "drawings")
    return Sketchpad(editing.Colourer(latent_dim=4, width=4, hidden=8), drawings, **changes)


def shown(picture):
    return Image.frombytes("RGB", picture.frame["size"], picture.frame["rgb"])


def press(widget, label):
    def buttons(part):
        if getattr(part, "description", None) == label and hasattr(part, "click"):
            yield part
        for child in getattr(part, "children", ()):
            yield from buttons(child)

    (found,) = buttons(widget.box)
    found.click()


def png(size=(40, 30), colour="red"):
    return encode_png(Image.new("RGB", size, colour))


# --- Editor --------------------------------------------------------------------------------------


def test_it_opens_with_the_picture_itself_and_no_difference():
    editor = make(number=2)
    before, after, difference = editor.images()
    torch.testing.assert_close(before, data.to_unit_range(faces().images[2]))
    torch.testing.assert_close(after, before)
    assert bool((difference == 1).all()), "white: nothing changed"
    assert "nothing changed" in editor.description()


def test_the_page_shows_what_the_library_computes():
    editor = make()
    editor.choose(hat="yes", hair="white")
    x = torch.tensor([0.0, 1, 0, 0, 1])
    torch.testing.assert_close(editor.after(), make_editor().edit(editor.portrait(), x))
    assert np.array_equal(np.array(shown(editor.picture)), plots.to_grid(editor.images(), 3).numpy())
    assert "hat no to yes, hair red to white" in editor.picture.frame["alt"]


def test_the_difference_is_dark_where_the_picture_changed():
    editor = make()
    editor._scene.after = lambda state: editor.before() * 0 + torch.tensor([1.0, -1, -1])[:, None, None]
    before, after, difference = editor.images()
    largest = (after - before).abs().amax(dim=0)
    torch.testing.assert_close(difference[0], 1 - largest)
    assert torch.equal(difference[0], difference[2])


def test_menus_and_python_do_the_same():
    by_hand, by_name = make(), make()
    by_hand.controls.choices["hair"].value = 2
    by_name.choose(hair="white")
    assert by_hand.state == by_name.state
    assert torch.equal(by_hand.after(), by_name.after())
    assert by_name.controls.choices["hair"].value == 2


def test_undo_and_redo_go_through_every_change_and_the_controls_follow():
    editor = make()
    states = [editor.state]
    editor.choose(hat="yes")
    states.append(editor.state)
    editor.number = 3
    states.append(editor.state)
    press(editor, "another guess")
    states.append(editor.state)
    assert len(set(states)) == 4
    for wanted in reversed(states[:-1]):
        press(editor, "undo")
        assert editor.state == wanted
    assert editor.undo_button.disabled
    assert editor.controls.number.value == 0
    for wanted in states[1:]:
        press(editor, "redo")
        assert editor.state == wanted
    assert editor.redo_button.disabled
    assert editor.controls.number.value == 3


def test_as_it_was_takes_every_wish_back():
    editor = make()
    editor.choose(hat="yes", hair="black")
    press(editor, "as it was")
    torch.testing.assert_close(editor.after(), editor.before())
    assert editor.controls.choices["hat"].value == 0


def test_another_guess_is_another_picture_of_the_same_wish():
    editor = make()
    editor.choose(hat="yes", hair="white")
    first = editor.state
    editor.guess_again()
    assert editor.state.choices == first.choices
    assert editor.state.guess == first.guess + 1


@pytest.mark.parametrize(
    ("wish", "told"),
    [({"hat": "maybe"}, "for hat; choose from no, yes"), ({"nose": "long"}, "choose from hat, hair")],
)
def test_unknown_wishes_are_refused_and_change_nothing(wish, told):
    editor = make()
    before = editor.state
    with pytest.raises(ValueError, match=told):
        editor.choose(**wish)
    assert editor.state == before
    assert 'role="alert"' in editor.message.value


def test_a_face_that_is_not_there_is_refused_with_the_last_number():
    editor = make()
    for number in (6, -1, True):
        with pytest.raises(ValueError, match=f"0 to 5 was needed, and {number} came"):
            editor.number = number
    assert editor.number == 0


def test_a_picture_of_ones_own_is_cropped_shrunk_and_read_by_the_judge(tmp_path):
    (tmp_path / "me.png").write_bytes(png())
    editor = make()
    editor.open_file(tmp_path / "me.png")
    assert editor.before().shape == (1, 3, 8, 8)
    assert editor.before()[0, :, 4, 4].tolist() == [1.0, -1.0, -1.0]
    assert "Your picture 1" in editor.description()
    assert editor.portrait().x.sum() == 2, "one value for each of two attributes"
    editor.undo()
    assert editor.number == 0
    editor.redo()
    assert "Your picture 1" in editor.description()


def test_a_file_chosen_on_the_page_is_opened_and_may_be_chosen_again():
    editor = make()
    sent = {"kind": "file", "name": "me.png", "size": len(png())}
    for count in (1, 2):
        editor.controls.file._handle_custom_msg(sent, [memoryview(png())])
        assert f"Your picture {count}" in editor.description()


def test_a_file_that_is_too_large_to_be_sent_is_told_below_the_widget():
    editor = make()
    with pytest.raises(ValueError, match="has 120"):
        editor.controls.file._on_file(Sent("film.tif", problem="it has 120 MB"))
    assert "film.tif cannot be opened: it has 120 MB." in editor.message.value
    assert editor.number == 0


@pytest.mark.parametrize("content", [b"", b"not a picture", png()[:60]])
def test_a_file_that_is_no_picture_is_refused_by_name_without_the_place_it_was_read_from(content):
    editor = make()
    with pytest.raises(ValueError, match=r"holiday\.png cannot be opened: .+ Choose another") as refused:
        editor.open_bytes(content, "holiday.png")
    assert "tmp" not in str(refused.value).lower()
    assert editor.number == 0


def test_the_png_shows_three_pictures_enlarged(tmp_path):
    editor = make()
    editor.save_png(tmp_path / "edited.png")
    content = (tmp_path / "edited.png").read_bytes()
    assert Image.open(io.BytesIO(content)).size == ((3 * 9 - 1) * 12, 8 * 12)
    sent = []
    editor.picture.download = lambda *what: sent.append(what)
    press(editor, "PNG")
    assert sent[0][1] == content


def test_elsewhere_both_widgets_leave_a_picture_and_a_fixed_line():
    for widget in (make(), pad()):
        bundle, metadata = widget._repr_mimebundle_()
        assert bundle["text/plain"].startswith(type(widget).__name__)
        assert widget.INVITATION in metadata["image/png"]["alt"]


# --- Sketchpad -----------------------------------------------------------------------------------


def test_the_colouring_is_the_generators_for_these_lines_and_this_seed():
    made = pad(number=1)
    made.seed = 4
    z = torch.randn(1, 4, generator=torch.Generator().manual_seed(4))
    expected = made.colourer(editing.as_conditions(made.lines()), z)
    torch.testing.assert_close(made.coloured(), expected.detach())
    assert np.array_equal(np.array(shown(made.picture)), plots.to_grid(made.coloured(), 1).numpy())
    assert np.array_equal(np.array(shown(made.paper)), plots.to_grid(made.lines(), 1).numpy())


def test_a_stroke_of_the_mouse_adds_ink_and_the_colours_follow():
    made = pad()
    made.clear()
    before = made.coloured()
    made.paper._heard(None, {"kind": "stroke", "points": [[0.2, 0.5], [0.8, 0.5]]}, None)
    assert float(made.lines()[0, 0, 15:17, 10:22].mean()) < -0.3
    assert not torch.equal(made.coloured(), before)
    made.tool.value, made.width.value = "eraser", 6
    made.paper._heard(None, {"kind": "stroke", "points": [[0.1, 0.5], [0.9, 0.5]]}, None)
    assert bool((made.lines() == 1).all())
    assert "2 strokes" in made.description()


def test_each_stroke_is_undone_by_itself():
    made = pad()
    sheets = [made.lines()]
    for row in (0.2, 0.4, 0.6):
        made.draw([(0.1, row), (0.9, row)])
        sheets.append(made.lines())
    for wanted in reversed(sheets[:-1]):
        press(made, "undo")
        assert torch.equal(made.lines(), wanted)
    press(made, "redo")
    assert torch.equal(made.lines(), sheets[1])


def test_other_colours_leave_the_lines_alone_and_another_drawing_forgets_strokes():
    made = pad()
    made.draw([(0.1, 0.5), (0.9, 0.5)])
    lines, colours = made.lines(), made.coloured()
    press(made, "other colours")
    assert torch.equal(made.lines(), lines)
    assert not torch.equal(made.coloured(), colours)
    made.number_field.value = 2
    assert made.state.strokes == ()
    press(made, "clear")
    assert bool((made.lines() == 1).all())


def test_what_cannot_be_drawn_is_refused_and_changes_nothing():
    made = pad()
    before = made.state
    alt = made.paper.frame["alt"], made.picture.frame["alt"]
    for bad, sentence in (
        (lambda: made.draw([]), "0 points and width"),
        (
            lambda: made.draw([(2, 2)]),
            r"points\[0\]\[0\] must be a finite number of at least 0",
        ),
        (lambda: made.draw([(0, 0)], tool="brush"), r"'pen', 'eraser'.*'brush' came"),
        (lambda: made.draw([(0, math.nan)]), r"points\[0\]\[1\] must be a finite number"),
        (lambda: made.draw([(0, 0)], width=math.inf), "width must be"),
        (lambda: made.draw([(0, 0)], width=0), "width must be"),
        (lambda: setattr(made, "number", 3), "0 to 2 was needed, and 3 came"),
        (lambda: setattr(made, "number", True), "0 to 2 was needed, and True came"),
        (lambda: setattr(made, "seed", -1), "seed from 0 to 2147483647 was needed"),
        (lambda: setattr(made, "seed", 2**31), "seed from 0 to 2147483647 was needed"),
    ):
        with pytest.raises(ValueError, match=sentence):
            bad()
        assert made.state == before
        assert (made.paper.frame["alt"], made.picture.frame["alt"]) == alt


def test_after_the_last_colouring_comes_the_first():
    made = pad()
    made.seed = 2**31 - 1
    press(made, "other colours")
    assert made.seed == made.seed_field.value == 0


def test_the_png_holds_lines_and_colours_side_by_side(tmp_path):
    made = pad()
    made.save_png(tmp_path / "me.png")
    picture = np.array(Image.open(io.BytesIO((tmp_path / "me.png").read_bytes())))
    assert picture.shape == (320, 650, 3)
    assert np.array_equal(picture[::10, :320:10, 0], data.to_bytes(made.lines())[0, 0].numpy())
