"""Claims about the LatentExplorer, driven from Python as a browser would drive it."""

import base64
import io

import numpy as np
import pytest
import tiny
import torch
from PIL import Image

from stablegen_lib import data, plots
from stablegen_lib.plots.grid import encode_png
from stablegen_lib.stablegen import StableGen
from stablegen_lib.widgets import LatentExplorer
from stablegen_lib.widgets.explorer.fingerprint import Fingerprint

NAMES = ("hat=no", "hat=yes", "hair=red", "hair=black", "hair=white")


def make_model(seed=0, names=NAMES):
    images = data.ImageSet(
        torch.zeros(2, 3, 8, 8, dtype=torch.uint8), torch.zeros(2, len(names)), names, "tiny"
    )
    return StableGen.for_images(images, latent_dim=5, width=4, seed=seed, device="cpu")


def make(model=None, **changes):
    return LatentExplorer(model or make_model(), **{"sliders": 3, **changes})


def shown(explorer):
    """What the page shows, as the PNG file that the library makes of it."""
    frame = explorer.picture.frame
    return encode_png(Image.frombytes("RGB", frame["size"], frame["rgb"]))


def pixels(png):
    return np.array(Image.open(io.BytesIO(png)).convert("RGB"))


def press(explorer, label):
    def buttons(widget):
        if getattr(widget, "description", None) == label and hasattr(widget, "click"):
            yield widget
        for child in getattr(widget, "children", ()):
            yield from buttons(child)

    (found,) = buttons(explorer.box)
    found.click()


# --- the picture follows -------------------------------------------------------------------------


def test_the_picture_is_what_the_model_draws_for_the_state():
    model = make_model()
    explorer = make(model, seed=4)
    explorer.choose(hat="yes", hair="white")
    explorer.truncation = 0.5
    z = 0.5 * torch.randn(1, 5, generator=torch.Generator().manual_seed(4))
    x = torch.tensor([[0.0, 1, 0, 0, 1]])
    assert shown(explorer) == plots.to_png(model.sample(conditions=x, z=z), 1, 1)
    torch.testing.assert_close(explorer.z(), z)
    torch.testing.assert_close(explorer.conditions(), x)


def test_a_slider_moved_on_the_page_moves_z_along_its_direction_only():
    explorer = make()
    before, png = explorer.z(), shown(explorer)
    explorer.controls.offsets[1].set_state({"value": 2.0})  # what the message of a dragged slider calls
    moved = explorer.z() - before
    torch.testing.assert_close(moved[0], 2 * explorer._scene.directions("sefa")[1])
    assert shown(explorer) != png
    assert explorer.state.offsets == (0.0, 2.0, 0.0)


def test_sefa_sliders_come_in_the_order_of_their_strength():
    model = make_model()
    weight = model.averaged_generator.latent_weight
    reach = (weight @ make(model)._scene.directions("sefa").T).norm(dim=0)
    assert reach.tolist() == sorted(reach.tolist(), reverse=True)
    assert reach[0] == pytest.approx(torch.linalg.matrix_norm(weight, 2).item(), rel=1e-4)


def test_raw_sliders_move_single_coordinates():
    explorer = make()
    explorer.basis = "raw"
    before = explorer.z()
    explorer.move("z[2]", -1)
    torch.testing.assert_close(explorer.z() - before, torch.tensor([[0.0, 0, -1, 0, 0]]))


def test_directions_of_your_own_get_the_first_sliders():
    smile = torch.tensor([0.0, 1, 0, 0, 0])
    explorer = make(directions={"smile": smile})
    assert explorer.basis == "own"
    assert [slider.description for slider in explorer.controls.offsets] == ["smile"]
    before = explorer.z()
    explorer.move("smile", 3)
    torch.testing.assert_close(explorer.z() - before, 3 * smile[None])


def test_pca_directions_are_distinct_unit_vectors():
    explorer = make()
    explorer.basis = "pca"
    rows = explorer._scene.directions("pca")
    torch.testing.assert_close(rows.norm(dim=1), torch.ones(3))
    assert torch.linalg.matrix_rank(rows) == 3


def test_a_grid_shows_sixteen_seeds_and_the_first_is_the_single_picture():
    explorer = make(seed=3)
    single = explorer.images()
    explorer.count = 16
    grid = explorer.images()
    assert grid.shape == (16, 3, 8, 8)
    torch.testing.assert_close(grid[:1], single)
    explorer.seed = 5
    torch.testing.assert_close(explorer.images()[0], grid[2])
    assert pixels(shown(explorer)).shape == (35, 35, 3)


@pytest.mark.parametrize("names", [(), ("kind=a", "kind=b")])
def test_models_with_and_without_conditions_of_the_learners_own_work(names):
    explorer = make(make_model(names=names))
    before = shown(explorer)
    explorer.move(0, 4)
    assert shown(explorer) != before


def test_any_generator_with_latents_can_be_explored():
    class Decoder:
        latent_dim = 4
        condition_names = ()

        def sample(self, *, conditions, z):
            return z.reshape(-1, 1, 2, 2).tanh()

    explorer = LatentExplorer(Decoder(), sliders=4)
    assert explorer._scene.bases == ["pca", "raw"]
    before = explorer.code
    explorer.move(3, 1.0)
    explorer.code = before
    assert explorer.state.offsets == (0.0,) * 4


# --- undo, reset, codes --------------------------------------------------------------------------


def test_undo_brings_the_earlier_pixels_back_and_redo_the_later_ones():
    explorer = make()
    first = shown(explorer)
    explorer.truncation = 0.25
    second = shown(explorer)
    press(explorer, "undo")
    assert shown(explorer) == first
    assert explorer.controls.truncation.value == 1.0
    press(explorer, "redo")
    assert shown(explorer) == second


def test_undo_and_redo_buttons_are_grey_when_they_would_do_nothing():
    explorer = make()
    assert explorer.undo_button.disabled
    assert explorer.redo_button.disabled
    explorer.seed = 1
    assert not explorer.undo_button.disabled
    explorer.undo()
    assert explorer.undo_button.disabled
    assert not explorer.redo_button.disabled


def test_reset_brings_the_start_back_and_can_be_undone():
    explorer = make()
    first = shown(explorer)
    explorer.choose(hair="white")
    explorer.seed = 9
    explorer.move(0, 2)
    moved = shown(explorer)
    press(explorer, "reset")
    assert shown(explorer) == first
    explorer.undo()
    assert shown(explorer) == moved


def test_randomise_takes_another_seed_and_leaves_the_rest():
    explorer = make()
    explorer.choose(hat="yes")
    press(explorer, "randomise")
    assert explorer.seed != 0
    assert explorer.state.choices == (1, 0)


def test_a_share_code_restores_the_exact_picture_in_another_explorer():
    one, other = make(), make()
    one.seed, one.truncation, one.basis, one.count = 11, 0.3, "raw", 16
    one.move(1, -1.25)
    one.choose(hair="black")
    other.code_field.set_state({"value": one.code})  # pasted into the field of another page
    assert other.state == one.state
    assert shown(other) == shown(one)


def test_a_code_of_other_weights_or_other_directions_is_refused_and_nothing_moves():
    explorer = make()
    before = shown(explorer)
    for other in (make(make_model(seed=1)), make(directions={"a": torch.eye(5)[0]})):
        with pytest.raises(ValueError, match="another model or other directions"):
            explorer.code = other.code
    with pytest.raises(ValueError, match="needs 4 sliders"):
        explorer.code = make(sliders=4).code
    assert shown(explorer) == before


def test_codes_follow_a_model_that_goes_on_training():
    model = make_model()
    explorer = make(model)
    explorer.move(1, 2.0)
    old = explorer.code
    with torch.no_grad():
        for weight in model.averaged_generator.parameters():
            weight.lerp_(torch.randn(weight.shape, generator=torch.Generator().manual_seed(1)), 0.1)
    with pytest.raises(ValueError, match="another model or other directions"):
        explorer.code = old
    explorer.move(1, 2.5)
    elsewhere = make(model)  # as on another machine, with the weights of now
    elsewhere.code = explorer.code
    assert shown(elsewhere) == shown(explorer), "the directions have moved along with the weights"
    assert not torch.equal(make()._scene.directions("sefa"), explorer._scene.directions("sefa"))


def test_a_code_of_a_model_in_bfloat16_is_its_own():
    model, halved = make_model(), make_model()
    halved.averaged_generator.to(torch.bfloat16)
    marks = [Fingerprint(one, {}).of(lambda: torch.zeros(1)) for one in (model, halved)]
    assert marks[0] != marks[1]
    assert marks[0] == make(model).code.split(".")[2]


class Painted:
    """A model without weights to look at."""

    latent_dim, condition_names = 5, ()
    brightness = 0.5

    def sample(self, *, conditions, z):
        return torch.full((len(z), 3, 8, 8), self.brightness)


def test_codes_follow_a_model_whose_weights_cannot_be_seen():
    model = Painted()
    explorer = make(model)
    old = explorer.code
    explorer.code = old
    model.brightness = -0.5
    with pytest.raises(ValueError, match="another model"):
        explorer.code = old
    assert make(model).code == explorer.code


# --- names of directions --------------------------------------------------------------------------


def test_a_typed_name_becomes_the_label_of_the_slider_that_was_moved_last():
    explorer = make()
    slider = explorer.controls.offsets[1]
    slider.set_state({"value": 1.5})
    assert explorer.controls.which.value == 1, "the one to name"
    explorer.controls.name.set_state({"value": "smile"})
    assert slider.description == "smile"
    assert explorer.controls.which.label == "smile"
    assert "smile at +1.5" in explorer.picture.frame["alt"]
    explorer.move("smile", 0.5)
    assert slider.value == 0.5


def test_names_stay_when_anything_else_moves_and_come_back_with_their_basis():
    explorer = make()
    press(explorer, "keep")
    explorer.name(0, "smile")
    explorer.basis = "raw"
    assert explorer.controls.offsets[0].description == "z[0]"
    assert explorer.controls.name.value == ""
    explorer.basis = "sefa"
    assert explorer.controls.offsets[0].description == explorer.controls.name.value == "smile"
    explorer.reset()
    explorer.return_to(0)
    assert explorer.controls.offsets[0].description == "smile"
    explorer.name("smile", "")
    assert explorer.controls.offsets[0].description == "direction 1"
    explorer.undo()
    assert explorer.controls.offsets[0].description == "smile"


def test_names_travel_in_the_code():
    one, other = make(), make()
    one.name(2, "hat")
    other.name(0, "smile")
    other.code = one.code
    assert [slider.description for slider in other.controls.offsets] == ["smile", "direction 2", "hat"]


def test_a_name_that_is_taken_or_too_long_is_refused_and_the_field_shows_the_old_one():
    explorer = make()
    explorer.name(0, "smile")
    explorer.controls.which.value = 1
    for name, message in (("smile", "is taken"), ("direction 3", "is taken"), ("x" * 25, "24 letters")):
        with pytest.raises(ValueError, match=message):
            explorer.controls.name.set_state({"value": name})
        assert explorer.controls.name.value == ""
        assert 'role="alert"' in explorer.message.value


# --- favourites and the path ---------------------------------------------------------------------


def kept_two():
    explorer = make()
    press(explorer, "keep")
    explorer.seed = 8
    explorer.choose(hat="yes")
    press(explorer, "keep")
    return explorer


def test_a_click_on_a_favourite_returns_to_it():
    explorer = kept_two()
    later = shown(explorer)
    press(explorer, "1")
    assert (explorer.seed, explorer.state.choices) == (0, (0, 0))
    assert explorer.state == explorer.favourites[0]
    picture = explorer.tray.box.children[0].children[1].children[0]
    picture._handle_custom_msg({"kind": "stroke", "points": [[0.5, 0.5]]}, [])
    assert shown(explorer) == later


def test_the_path_begins_and_ends_at_the_favourites_and_moves_in_between():
    explorer = kept_two()
    explorer.show_path(0)
    start = shown(explorer)
    explorer.tray.slider.set_state({"value": 1.0})
    end = shown(explorer)
    explorer.show_path(0.5)
    assert len({start, end, shown(explorer)}) == 3
    explorer.return_to(0)
    assert shown(explorer) == start
    explorer.return_to(1)
    assert shown(explorer) == end


def test_playing_goes_on_when_the_page_asks_and_stops_at_the_end():
    explorer = kept_two()
    explorer.playing = True
    frames = {shown(explorer)}
    for _ in range(200):
        if not explorer.playing:
            break
        explorer.picture._handle_custom_msg({"kind": "tick"}, [])
        frames.add(shown(explorer))
    assert len(frames) == 25
    assert not explorer.playing
    assert explorer.tray.slider.value == 1.0
    assert explorer.tray.play.value is False


def test_a_tick_that_arrives_after_the_stop_does_nothing():
    explorer = kept_two()
    explorer.playing = True
    explorer.playing = False
    before = shown(explorer)
    explorer.picture._handle_custom_msg({"kind": "tick"}, [])
    assert shown(explorer) == before


def test_moving_a_slider_ends_the_film():
    explorer = kept_two()
    explorer.playing = True
    explorer.controls.truncation.set_state({"value": 0.5})
    assert not explorer.playing


@pytest.mark.slow
def test_favourites_can_be_dropped_and_the_tray_does_not_grow_for_ever():
    explorer = make()
    for seed in range(15):
        explorer.seed = seed
        explorer.keep()
    assert [state.seed for state in explorer.favourites] == list(range(3, 15))
    explorer.tray.drop(0)
    assert explorer.favourites[0].seed == 4


def test_without_two_favourites_there_is_no_path_and_the_page_says_so():
    explorer = make()
    explorer.keep()
    with pytest.raises(ValueError, match="two favourites"):
        explorer.show_path(0.5)
    assert "two favourites" in explorer.message.value
    assert explorer.tray._way.layout.display == "none"


# --- files ---------------------------------------------------------------------------------------


def test_png_and_gif_are_the_pictures_enlarged_without_blur(tmp_path):
    explorer = kept_two()
    explorer.save_png(tmp_path / "face.png")
    small, large = pixels(shown(explorer)), pixels((tmp_path / "face.png").read_bytes())
    scale = large.shape[0] // small.shape[0]
    assert scale > 4
    assert np.array_equal(small.repeat(scale, 0).repeat(scale, 1), large)

    explorer.save_gif(tmp_path / "path.gif")
    with Image.open(tmp_path / "path.gif") as film:
        assert film.size == large.shape[1::-1]
        assert 2 <= film.n_frames <= 25


def test_downloads_hand_the_same_bytes_to_the_browser(tmp_path, monkeypatch):
    explorer = kept_two()
    sent = []
    monkeypatch.setattr(explorer.picture, "send", lambda content, buffers: sent.append((content, buffers)))
    press(explorer, "PNG")
    press(explorer, "GIF")
    (png, png_buffers), (gif, gif_buffers) = sent
    assert (png["kind"], png["type"], gif["type"]) == ("download", "image/png", "image/gif")
    assert png_buffers == [explorer.still_png()]
    assert gif_buffers[0].startswith(b"GIF89a")


# --- errors, words, pages without a kernel -------------------------------------------------------


class Breaks:
    """Draws until somebody asks for less truncation."""

    latent_dim = 4
    condition_names = ()

    def sample(self, *, conditions, z):
        if z.abs().max() == 0:
            raise RuntimeError("no <face> here")
        return z.reshape(-1, 1, 2, 2).tanh()


def test_an_error_while_drawing_is_shown_raised_and_leaves_the_state():
    explorer = LatentExplorer(Breaks(), sliders=2)
    before = shown(explorer)
    with pytest.raises(RuntimeError, match="face"):
        explorer.controls.truncation.set_state({"value": 0.0})
    assert "no &lt;face&gt; here" in explorer.message.value
    assert (shown(explorer), explorer.truncation) == (before, 1.0)
    assert explorer.controls.truncation.value == 1.0, "the slider is back where the picture is"
    explorer.truncation = 0.5
    assert explorer.message.value == ""


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda e: setattr(e, "truncation", 3), "truncation must be 0 to 2"),
        (lambda e: setattr(e, "seed", -1), "seed must be"),
        (lambda e: setattr(e, "count", 4), "count must be"),
        (lambda e: setattr(e, "basis", "own"), "can move"),
        (lambda e: e.move("direction 9", 1), "one of the sliders"),
        (lambda e: e.move(7, 1), "one of the sliders"),
        (lambda e: e.move(0, float("nan")), "offset"),
        (lambda e: e.choose(hat="maybe"), "for hat; choose from no, yes"),
        (lambda e: e.choose(glasses="dark"), "choose from hat, hair"),
        (lambda e: setattr(e, "code", "nonsense"), "not a whole share code"),
        (lambda e: e.show_path(2), "place must be"),
    ],
)
def test_wrong_values_are_refused_and_nothing_moves(act, message):
    explorer = make()
    before = explorer.state, shown(explorer)
    with pytest.raises(ValueError, match=message):
        act(explorer)
    assert (explorer.state, shown(explorer)) == before


def test_a_model_that_makes_points_is_refused():
    with pytest.raises(ValueError, match="makes pictures"):
        LatentExplorer(tiny.point_model(), sliders=2)


@pytest.mark.parametrize("changes", [{"sliders": 0}, {"sliders": 6}, {"directions": {"a": torch.ones(4)}}])
def test_sliders_that_do_not_fit_the_model_are_refused(changes):
    with pytest.raises(ValueError, match=r"sliders were needed|must hold 5"):
        make(**changes)


def test_the_state_is_told_in_words_beside_the_picture_and_to_screen_readers():
    explorer = make()
    explorer.choose(hat="yes")
    explorer.move(1, 0.5)
    words = "One picture, seed 0, truncation 1; hat yes; hair red; direction 2 at +0.5."
    assert explorer.picture.frame["alt"] == words
    assert words in explorer.status.value
    assert 'role="status"' in explorer.status.value


def test_attribute_names_cannot_smuggle_html_into_the_page():
    explorer = make(make_model(names=("kind=<b>", "kind=c")))
    assert "<b>" not in explorer.status.value
    assert "&lt;b&gt;" in explorer.status.value


def test_a_page_without_a_kernel_gets_the_picture_and_a_fixed_text():
    explorer = make()
    bundle, metadata = explorer._repr_mimebundle_()
    assert bundle["text/plain"].startswith("LatentExplorer(One picture, seed 0")
    assert "0x" not in bundle["text/plain"]
    assert "Run this notebook" in metadata["image/png"]["alt"]
    still, live = pixels(base64.b64decode(bundle["image/png"])), pixels(explorer.still_png())
    assert np.array_equal(still[24 : 24 + live.shape[0], : live.shape[1]], live), "below its caption"


def test_copying_asks_the_browser_and_says_what_came_of_it(monkeypatch):
    explorer = make()
    sent = []
    monkeypatch.setattr(explorer.picture, "send", sent.append)
    press(explorer, "copy")
    assert sent == [{"kind": "copy", "text": explorer.code}]
    explorer.picture._handle_custom_msg({"kind": "copied", "done": True}, [])
    assert "Copied" in explorer.message.value
    explorer.picture._handle_custom_msg({"kind": "copied", "done": False}, [])
    assert "did not allow" in explorer.message.value


@pytest.mark.parametrize("number", [-1, 1])
def test_a_favourite_that_is_not_in_the_tray_is_refused_with_the_number_that_is(number):
    explorer = make()
    explorer.keep()
    with pytest.raises(ValueError, match="holds 1 favourites"):
        explorer.return_to(number)


def test_true_is_no_seed():
    explorer = make()
    with pytest.raises(ValueError, match="seed must be"):
        explorer.seed = True
    assert explorer.seed == 0


@pytest.mark.parametrize(("latent_dim", "sliders"), [(1, 1), (3, 3), (9, 6)])
def test_a_small_latent_space_has_fewer_sliders(latent_dim, sliders):
    model = StableGen.for_images(tiny.pictures(), latent_dim=latent_dim, width=4, device="cpu")
    explorer = LatentExplorer(model)
    for basis in ("sefa", "pca", "raw"):
        explorer.basis = basis
        assert len(explorer.state.offsets) == sliders
