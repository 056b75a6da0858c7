"""Claims about the menus for attributes: they speak in words, and a field shows the chosen colour."""

import re

import examples
import ipywidgets
import pytest
import torch

from stablegen_lib import data, editing
from stablegen_lib.metrics import AttributeClassifier
from stablegen_lib.stablegen import StableGen
from stablegen_lib.widgets.choices import choice_menu, swatch_html, with_swatch
from stablegen_lib.widgets.editor import Editor
from stablegen_lib.widgets.explorer import LatentExplorer

RAW = re.compile(r"Color|facialHair|(?<!\()#[0-9a-f]{6}")  # a hex code stands behind a word, in brackets
SETS = {"faces": data.load_faces, "peeps": data.load_peeps}


def explorer(images: data.ImageSet) -> LatentExplorer:
    return LatentExplorer(StableGen.for_images(images, latent_dim=6, width=4, seed=0, device="cpu"))


def editor(images: data.ImageSet) -> Editor:
    model = StableGen.for_images(images, latent_dim=6, width=4, seed=0, device="cpu")
    sizes = {"image_size": images.image_size, "width": 4}
    encoder = editing.Encoder(condition_size=len(images.condition_names), latent_dim=6, hidden=8, **sizes)
    judge = AttributeClassifier(images.condition_names, **sizes)
    return Editor(editing.FaceEditor(model, encoder.requires_grad_(False), judge), images)


def menus(widget: LatentExplorer | Editor) -> list[ipywidgets.Widget]:
    choices = widget.controls.choices
    return list(choices.values()) if isinstance(choices, dict) else list(choices)


def swatches(widget: LatentExplorer | Editor) -> dict[str, ipywidgets.HTML]:
    rows = [row for row in widget.controls.box.children if isinstance(row, ipywidgets.HBox)]
    return {
        row.children[0].description: row.children[1]
        for row in rows
        if isinstance(row.children[1], ipywidgets.HTML)
    }


@pytest.fixture(params=[(make, name) for make in (explorer, editor) for name in SETS], scope="module")
def widget(request):
    make, name = request.param
    return make(SETS[name]("validation")[:8])


def test_menus_descriptions_and_errors_hold_no_raw_name(widget):
    told = [widget.description(), repr(widget)]
    for menu in menus(widget):
        told += [menu.description, *(label for label, _ in menu.options), *getattr(menu, "tooltips", ())]
    for wish in ({"nose": "long"}, {"hairColor": "#123456"}):
        with pytest.raises(ValueError, match="choose from") as error:
            widget.choose(**wish)
        told += [str(error.value), widget.message.value.replace("&#x27;", "'")]
    assert not [text for text in told if RAW.search(text)]


def test_each_colour_has_a_swatch_that_follows_menu_python_and_undo(widget):
    fields = swatches(widget)
    assert {"hair colour", "skin", "background"} <= fields.keys()
    menu = next(menu for menu in menus(widget) if menu.description == "background")
    menu.value = 3
    assert "#ffd5dc" in fields["background"].value
    assert 'aria-label="background: pink (#ffd5dc)"' in fields["background"].value
    widget.choose(background="peach", hair_colour="red")
    assert "#ffdfbf" in fields["background"].value
    widget.undo()
    assert "#ffd5dc" in fields["background"].value


def test_words_and_raw_names_choose_the_same(widget):
    widget.choose(background="lilac (#d1d4f9)")
    by_words = widget.state.choices
    widget.choose(background="blue")
    assert widget.state.choices != by_words
    widget.choose(primaryBackgroundColor="d1d4f9")
    assert widget.state.choices == by_words


def test_what_is_no_colour_has_no_swatch():
    plain = choice_menu("hat", ["none", "low", "high"], "6em")
    assert with_swatch(plain) is plain
    assert swatch_html("hair colour", "ink") == ""
    menu = choice_menu("hair colour", ["ink", "red (#bd1700)", "blue (#009bbd)"], "6em")
    field = with_swatch(menu).children[1]
    assert field.value == ""
    menu.value = 1
    assert "background:#bd1700" in field.value
    assert "border:1px solid var(--jp-ui-font-color1, currentColor)" in field.value, "seen in both themes"


def test_the_share_code_does_not_know_the_words():
    images = examples.faces("validation")[:8]
    one = explorer(images)
    one.choose(hair_colour="red")
    other = explorer(images)
    other.code = one.code
    assert torch.equal(other.conditions(), one.conditions())
