"""Claims about colouring drawings: the networks, what they are measured by, and the pen."""

import hashlib
import re

import pytest
import tiny
import torch

from stablegen_lib import data, editing, training
from stablegen_lib.editing import scores as measures
from stablegen_lib.plumbing.files import FileProblem


def drawing(count=2):
    """A black frame on paper."""
    lines = torch.ones(count, 1, 32, 32)
    lines[:, :, 8:24, 8:24] = -1
    lines[:, :, 10:22, 10:22] = 1
    return lines


# --- networks ------------------------------------------------------------------------------------


def test_both_networks_see_the_drawing():
    pair = editing.colouring_pair(latent_dim=4, width=4)
    x = editing.as_conditions(drawing(1))
    x.requires_grad_(True)
    z = torch.randn(1, 4)
    picture = pair.generator(x, z)
    assert picture.shape == (1, 3, 32, 32)
    assert float(picture.detach().abs().max()) < 1
    for out in (picture.sum(), pair.discriminator(x, torch.zeros(1, 3, 32, 32)).sum()):
        (slope,) = torch.autograd.grad(out, x)
        assert float((slope != 0).float().mean()) > 0.9, "nearly every pixel of the drawing counts"


def test_z_reaches_every_pixel():
    pair = editing.colouring_pair(latent_dim=4, width=4)
    x = editing.as_conditions(drawing(1))
    one, two = (pair.generator(x, torch.full((1, 4), value)) for value in (-1.0, 1.0))
    assert float((one != two).float().mean()) > 0.95


def test_drawings_go_in_row_by_row_and_come_from_the_set_in_order():
    sets = editing.load_drawings("test")
    lines = data.load_peeps_lines("test")
    assert torch.equal(sets.conditions[7].reshape(32, 32), data.to_unit_range(lines.images[7, 0]))
    assert torch.equal(sets.images, data.load_peeps("test").images)
    with pytest.raises(ValueError, match="32×32"):
        editing.as_conditions(torch.ones(1, 1, 16, 16))


def test_the_loop_of_lesson_05_trains_the_pair():
    pair = editing.colouring_pair(latent_dim=4, width=4)
    peeps = editing.load_drawings("validation")[:8]
    before = tiny.copied(pair.state_dict())
    (*_, last) = training.train(pair, peeps, steps=2, recipe=tiny.recipe(training.STABLE), seed=0)
    assert last.number == 2
    after = pair.state_dict()
    for part in ("generator", "discriminator", "averaged_generator"):
        moved = [not torch.equal(before[name], after[name]) for name in after if name.startswith(part)]
        assert all(moved), part


def test_the_generator_comes_back_from_its_file(tmp_path):
    torch.manual_seed(0)
    made = editing.Colourer(latent_dim=4, width=4, hidden=8)
    made.save(tmp_path / "colouring.safetensors")
    loaded = editing.Colourer.load(tmp_path / "colouring.safetensors")
    x, z = editing.as_conditions(drawing()), torch.randn(2, 4)
    torch.testing.assert_close(loaded(x, z), made(x, z), atol=1e-2, rtol=1e-2)
    editing.Encoder(condition_size=1, latent_dim=1, image_size=8, width=2).save(
        tmp_path / "other.safetensors"
    )
    with pytest.raises(FileProblem, match="colourings"):
        editing.Colourer.load(tmp_path / "other.safetensors")


# --- scores --------------------------------------------------------------------------------------


def test_lines_are_kept_when_ink_is_dark_and_invented_when_paper_is():
    lines = drawing()
    perfect = lines.expand(-1, 3, -1, -1)
    assert editing.line_scores(perfect, lines) == editing.LineScores(1.0, 0.0)
    assert editing.line_scores(-perfect, lines) == editing.LineScores(0.0, 1.0)
    half = perfect.clone()
    half[:, :, :16] = 0.5  # the upper half is washed away
    assert editing.line_scores(half, lines) == editing.LineScores(0.5, 0.0)
    coloured = perfect.clone()
    coloured[:, 0] = coloured[:, 0].clamp(max=0.2)
    assert editing.line_scores(coloured, lines) == editing.LineScores(1.0, 0.0), "colour is not ink"


def test_real_peeps_keep_their_own_lines_and_not_those_of_others():
    peeps, lines = data.load_peeps("test")[:200], data.load_peeps_lines("test")[:200]
    real, drawn = data.to_unit_range(peeps.images), data.to_unit_range(lines.images)
    own, others = editing.line_scores(real, drawn), editing.line_scores(real, drawn.roll(1, dims=0))
    assert own.kept > 0.99
    assert own.invented < 0.01
    assert others.kept < 0.8
    assert others.invented > 0.05


@pytest.mark.parametrize("lines", [torch.ones(2, 1, 32, 32), -torch.ones(2, 1, 32, 32), drawing(3)])
def test_drawings_that_cannot_be_judged_are_refused(lines):
    with pytest.raises(ValueError, match=r"needed|lines must be"):
        editing.line_scores(torch.zeros(2, 3, 32, 32), lines)


def test_variety_looks_where_the_colour_is_free():
    lines = drawing(1)
    first = torch.zeros(1, 3, 32, 32)
    paper, ink = first + 0.5 * (lines > 0), first + 0.5 * (lines < 0)
    torch.testing.assert_close(editing.variety(first, paper, lines), torch.tensor([0.5]))
    torch.testing.assert_close(editing.variety(first, ink, lines), torch.tensor([0.0]))


def test_drawings_that_also_stand_in_training_are_found():
    train, test = (data.to_unit_range(data.load_peeps_lines(split).images) for split in ("train", "test"))
    found = measures.seen_before(test, train)
    seen = [index for index in found if index is not None]
    assert len(seen) == 455, "as the data card says"
    first = found.index(seen[0])
    assert torch.equal(test[first], train[seen[0]])


# --- the pen -------------------------------------------------------------------------------------


def test_a_stroke_is_ink_along_its_way_and_nothing_elsewhere():
    lines = editing.draw_stroke(editing.blank(), [(0.25, 0.5), (0.75, 0.5)], width=2)
    assert bool((lines[0, 15:17, 9:23] < -0.7).all())
    assert bool((lines[0, :13] == 1).all())
    assert bool((lines[0, :, :6] == 1).all())
    assert bool((editing.blank() == 1).all())


def test_the_eraser_takes_ink_away_and_a_dot_is_a_dot():
    inked = editing.draw_stroke(editing.blank(), [(0.0, 0.5), (1.0, 0.5)], width=2)
    rubbed = editing.draw_stroke(inked, [(0.5, 0.5)], width=6, rub_out=True)
    assert bool((rubbed[0, 15:17, 15:17] == 1).all())
    assert bool((rubbed[0, 15:17, 1:10] < -0.7).all())
    dot = editing.draw_stroke(editing.blank(), [(0.5, 0.5)], width=4)
    assert 0.8 < float((1 - dot).sum()) / 2 / (3.1416 * 2**2) < 1.3, "as much ink as a disc of radius 2"


@pytest.mark.parametrize(("points", "width"), [([], 1), ([(0.2, 1.2)], 1), ([(0.2, 0.2)], 0)])
def test_strokes_that_cannot_be_drawn_are_refused(points, width):
    with pytest.raises(ValueError, match=r"needed|points|width"):
        editing.draw_stroke(editing.blank(), points, width=width)


# --- the shipped generator -----------------------------------------------------------------------


def test_the_shipped_colourings_keep_unseen_lines_and_vary_as_their_card_says():
    weights = data.data_dir() / "weights"
    colourer = editing.Colourer.load(weights / "colouring.safetensors")
    card = (weights / "README.md").read_text(encoding="utf-8")
    train, test = (data.to_unit_range(data.load_peeps_lines(split).images) for split in ("train", "test"))
    found = measures.seen_before(test, train)
    lines = test[[index for index, before in enumerate(found) if before is None]]
    z = torch.randn(2, len(lines), colourer.latent_dim, generator=torch.Generator().manual_seed(0))
    one, two = (colourer(editing.as_conditions(lines), some) for some in z)
    scores = editing.line_scores(one, lines)
    quoted = re.search(r"On the (\d+) test drawings .*, (0\.\d+) of the ink", card)
    assert quoted, "the card says how many lines are kept"
    assert int(quoted[1]) == len(lines)
    assert float(quoted[2]) == pytest.approx(scores.kept, abs=0.002)
    assert scores.invented < 0.005
    apart = re.search(r"lie (0\.\d+) apart on paper", card)
    assert apart, "and how far two colourings lie apart"
    assert float(apart[1]) == pytest.approx(float(editing.variety(one, two, lines).mean()), abs=0.01)


@pytest.mark.parametrize("name", ["colouring", "faces_encoder"])
def test_the_card_names_the_very_files(name):
    weights = data.data_dir() / "weights"
    digest = hashlib.sha256((weights / f"{name}.safetensors").read_bytes()).hexdigest()
    assert digest in (weights / "README.md").read_text(encoding="utf-8")
