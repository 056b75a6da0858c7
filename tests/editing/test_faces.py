"""Claims about editing faces: what stays, what changes, and what an edit is measured by."""

import examples
import pytest
import torch
from tiny_editor import NAMES, faces, make_editor

from stablegen_lib import data, editing
from stablegen_lib.data.twins import Twins
from stablegen_lib.metrics import AttributeClassifier
from stablegen_lib.plumbing.files import FileProblem
from stablegen_lib.stablegen import StableGen


def paint(x, z):
    """A generator whose answer is known: a hat makes the upper half bright, z the lower half."""
    picture = -torch.ones(len(x), 3, 8, 8)
    picture[:, :, :4] = 2 * x[:, 1, None, None, None] - 1
    picture[:, :, 4:] = torch.tanh(z[:, :1, None, None])
    return picture


def hats():
    plain = torch.tensor([[1.0, 0, 1, 0, 0]])
    return plain, torch.tensor([[0.0, 1, 1, 0, 0]])


# --- blending ------------------------------------------------------------------------------------


def test_the_mask_is_a_ramp_between_low_and_high():
    difference = torch.tensor([0.0, 0.1, 0.2, 0.3, 0.6]).expand(1, 1, 1, 5)
    difference = torch.cat([difference, -difference, torch.zeros_like(difference)], dim=1)
    mask = editing.soft_mask(difference, 0.1, 0.3)
    torch.testing.assert_close(mask.flatten(), torch.tensor([0.0, 0.0, 0.5, 1.0, 1.0]))


@pytest.mark.parametrize(("low", "high"), [(0.3, 0.3), (0.4, 0.3), (-0.1, 0.3)])
def test_a_mask_without_a_ramp_is_refused(low, high):
    with pytest.raises(ValueError, match=r"low < high|low must be"):
        editing.soft_mask(torch.zeros(1, 3, 2, 2), low, high)


def test_what_the_edit_does_not_change_stays_pixel_for_pixel_and_the_rest_follows_it():
    y = torch.rand(1, 3, 8, 8) * 2 - 1
    x, new_x = hats()
    after = editing.edit(paint, y, x=x, new_x=new_x, z=torch.zeros(1, 5))
    assert torch.equal(after[:, :, 4:], y[:, :, 4:])
    assert bool((after[:, :, :4] == 1).all())


def test_no_edit_gives_the_picture_itself_back_however_badly_it_is_redrawn():
    y = torch.rand(3, 3, 8, 8) * 2 - 1
    x = hats()[0].expand(3, -1)
    for guesses in (1, 4):
        same = editing.edit(paint, y, x=x, new_x=x, z=torch.zeros(3, 5), guesses=guesses)
        torch.testing.assert_close(same, y)


def dice(x, z):
    """With a hat: white or black, as z has it; without: grey."""
    return (x[:, 1] * torch.sign(z[:, 0]))[:, None, None, None].expand(-1, 3, 8, 8)


def test_guesses_differ_by_seed_and_repeat_with_it():
    (x, new_x), y, z = hats(), torch.zeros(1, 3, 8, 8), torch.full((1, 5), 0.01)
    guess = [editing.edit(dice, y, x=x, new_x=new_x, z=z, seed=seed) for seed in range(20)]
    assert len({float(picture.mean()) for picture in guess}) == 2
    assert torch.equal(guess[7], editing.edit(dice, y, x=x, new_x=new_x, z=z, seed=7))
    assert float(guess[0].mean()) == 1, "seed 0 takes z as it is"
    with pytest.raises(ValueError, match="guess"):
        editing.edit(dice, y, x=x, new_x=new_x, z=z, guesses=0)


def test_many_guesses_are_averaged():
    y, z = torch.zeros(1, 3, 8, 8), torch.zeros(1, 5)
    x, new_x = hats()
    one = editing.edit(dice, y, x=x, new_x=new_x, z=z, seed=3)
    many = editing.edit(dice, y, x=x, new_x=new_x, z=z, guesses=400)
    assert float(one.abs().mean()) > 0.9
    assert float(many.abs().mean()) < 0.2


# --- the encoder ---------------------------------------------------------------------------------


def test_an_encoder_comes_back_from_its_file_with_three_digits(tmp_path):
    torch.manual_seed(0)
    encoder = editing.Encoder(condition_size=5, latent_dim=7, image_size=8, width=4, hidden=8)
    encoder.save(tmp_path / "encoder.safetensors")
    loaded = editing.Encoder.load(tmp_path / "encoder.safetensors")
    y = torch.rand(4, 3, 8, 8)
    x = torch.rand(4, 5)
    torch.testing.assert_close(loaded(x, y), encoder(x, y), atol=1e-3, rtol=1e-2)
    assert loaded(x, y).shape == (4, 7)
    assert not any(parameter.requires_grad for parameter in loaded.parameters())


def test_a_file_of_something_else_is_refused(tmp_path):
    AttributeClassifier(NAMES, image_size=8).save(tmp_path / "judge.safetensors")
    with pytest.raises(FileProblem, match="no encoder"):
        editing.Encoder.load(tmp_path / "judge.safetensors")


def test_refining_comes_nearer_to_every_picture_and_no_steps_change_nothing():
    model = StableGen.for_images(faces(), latent_dim=5, width=8, seed=0, device="cpu")
    x = faces().conditions
    y = model.sample(conditions=x, seed=1)
    start = torch.zeros(6, 5)
    error = lambda z: (model.averaged_generator(x, z) - y).square().mean(dim=(1, 2, 3))  # noqa: E731
    found = editing.refine(model.averaged_generator, x, y, start, steps=100, prior_weight=0)
    assert bool((error(found) < 0.5 * error(start)).all())
    assert torch.equal(editing.refine(model.averaged_generator, x, y, start, steps=0), start)


def test_refining_through_something_without_a_gradient_is_refused():
    model = StableGen.for_images(faces(), latent_dim=5, width=8, seed=0, device="cpu")
    sample = lambda x, z: model.sample(conditions=x, z=z.detach())  # noqa: E731
    with pytest.raises(ValueError, match="no gradient"):
        editing.refine(sample, faces().conditions, torch.zeros(6, 3, 8, 8), torch.zeros(6, 5))


# --- the editor ----------------------------------------------------------------------------------


def test_conditions_read_by_the_judge_are_one_hot_within_each_attribute():
    judge = AttributeClassifier(NAMES, image_size=8)
    judge.forward = lambda y: torch.tensor([[0.0, 3, 1, -1, 2], [5, 1, -3, -2, -9]])  # type: ignore
    x = editing.read_conditions(judge, torch.zeros(2, 3, 8, 8))
    assert x.tolist() == [[0, 1, 0, 0, 1], [1, 0, 0, 1, 0]]


def test_a_picture_of_another_size_is_refused_with_both_sizes():
    for shape in ((3, 16, 16), (1, 8, 8)):
        with pytest.raises(
            ValueError, match=f"3×8×8 .* was needed, and {shape[0]}×{shape[1]}×{shape[2]} came"
        ):
            make_editor().open(torch.zeros(shape, dtype=torch.uint8))


def test_a_wish_of_another_length_and_a_search_of_negative_length_are_refused():
    editor, picture = make_editor(), faces().images[0]
    with pytest.raises(ValueError, match="new_x must have 5 entries, and 4 came"):
        editor.edit(editor.open(picture), torch.zeros(4))
    with pytest.raises(ValueError, match="-1 came"):
        editor.open(picture, steps=-1)


def test_parts_that_do_not_belong_together_are_refused():
    editor = make_editor()
    model = StableGen.for_images(faces(), latent_dim=6, width=8, seed=0, device="cpu")
    with pytest.raises(ValueError, match="a judge of the model"):
        editing.FaceEditor(model, editor.encoder, editor.judge)


def test_searching_after_the_encoder_makes_the_redrawing_better():
    editor, picture = make_editor(), faces().images[0]
    x = hats()[0][0]
    assert editor.open(picture, x, steps=60).error < editor.open(picture, x).error


# --- scores --------------------------------------------------------------------------------------


def pairs():
    before = faces(4)
    images, x = before.images.clone(), before.conditions.clone()
    images[:, :, :2] = 255 - images[:, :, :2]
    x[:, :2] = torch.tensor([0.0, 1.0])
    return Twins(before, data.ImageSet(images, x, NAMES, "edited"), ("hat no->yes",) * 4, torch.arange(4))


def judge():
    torch.manual_seed(0)
    return AttributeClassifier(NAMES, image_size=8)


def test_the_twin_itself_has_no_error_and_the_original_errs_only_inside():
    twins = pairs()
    right = editing.score_edits(data.to_unit_range(twins.edited.images), twins, judge())
    nothing = editing.score_edits(data.to_unit_range(twins.originals.images), twins, judge())
    assert float(right.error.max()) == float(right.inside.max()) == float(right.outside.max()) == 0
    assert float(nothing.outside.max()) == 0 < float(nothing.inside.min())
    torch.testing.assert_close(nothing.error, nothing.inside / 2)  # a quarter of the pixels


def test_spoiling_what_must_stay_shows_outside_only():
    twins = pairs()
    spoilt = data.to_unit_range(twins.edited.images)
    spoilt[:, :, 4:] = spoilt[:, :, 4:] * 0.5
    scores = editing.score_edits(spoilt, twins, judge())
    assert float(scores.inside.max()) == 0 < float(scores.outside.min())


def test_success_and_kept_are_the_judges_two_separate_verdicts():
    twins, blind = pairs(), judge()
    blind.forward = lambda images: torch.tensor([[0.0, 1, 0, 0, 1]]).repeat(len(images), 1)  # type: ignore
    scores = editing.score_edits(data.to_unit_range(twins.originals.images), twins, blind)
    assert scores.success.tolist() == [1.0] * 4  # it sees a hat everywhere
    assert scores.kept.tolist() == [0.0] * 4  # and white hair, where red was
    with pytest.raises(ValueError, match=r"\(4, 3, 8, 8\)"):
        editing.score_edits(torch.zeros(3, 3, 8, 8), twins, blind)


def test_patches_are_the_training_averages_and_reach_as_far_as_those_differ():
    images = torch.zeros(4, 3, 8, 8, dtype=torch.uint8)
    images[2:, :, :2] = 255  # hats are white, and in the two upper rows
    x = torch.zeros(4, len(NAMES))
    x[:2, 0], x[2:, 1], x[:, 2] = 1, 1, 1
    patches = editing.Patches(data.ImageSet(images, x, NAMES, "train"))
    twins = pairs()
    mean, pasted = patches.mean_face(twins), patches.paste(twins, 0.3)
    assert bool((mean[:, :, :2] == 1).all())
    assert bool((mean[:, :, 2:] == -1).all())
    assert bool((pasted[:, :, :2] == 1).all())
    assert torch.equal(pasted[:, :, 2:], data.to_unit_range(twins.originals.images)[:, :, 2:])


def test_a_borrowed_piece_comes_from_one_training_face_with_the_value_that_fits_best_and_stays_in_its_place():
    images = torch.zeros(6, 3, 8, 8, dtype=torch.uint8)
    images[2:, :, :2] = torch.tensor([180, 200, 220, 240], dtype=torch.uint8)[:, None, None, None]
    x = torch.zeros(6, len(NAMES))
    x[:2, 0], x[2:, 1] = 1, 1
    x[:4, 2], x[4:, 3] = 1, 1  # two of the four hats sit on the other hair
    twins = pairs()
    wanted = twins.edited.conditions
    patches = editing.Patches(data.ImageSet(images, x, NAMES, "train"))
    donors = data.to_unit_range(images)[:, 0, 0, 0]
    seen = set()
    for seed in range(12):
        borrowed = patches.borrow(twins, seed=seed, threshold=0.3)
        assert torch.equal(borrowed[:, :, 2:], data.to_unit_range(twins.originals.images)[:, :, 2:])
        for picture, asked in zip(borrowed, wanted, strict=True):
            assert bool((picture[:, :2] == picture[0, 0, 0]).all()), "one face, not an average"
            donor = int((donors == picture[0, 0, 0]).nonzero()[0])
            assert x[donor, 1] == 1, "has the hat"
            assert float(x[donor] @ asked) == float((x[2:] @ asked).max()), "nobody with a hat fits better"
            seen.add(donor)
    assert len(seen) > 1, "ties are decided by chance"


# --- the shipped editor --------------------------------------------------------------------------


@pytest.mark.slow
def test_the_shipped_editor_beats_the_baselines_on_twins_that_chose_nothing():
    editor, twins = editing.FaceEditor.shipped(), data.load_twins()
    chosen = torch.nonzero(twins.persons >= 1000).squeeze(1)[::20]
    twins = Twins(
        twins.originals[chosen],
        twins.edited[chosen],
        tuple(twins.edits[i] for i in chosen.tolist()),
        twins.persons[chosen],
    )
    y, x, new_x = (
        data.to_unit_range(twins.originals.images),
        twins.originals.conditions,
        twins.edited.conditions,
    )
    z = editor.encoder(x, y)
    ours = editing.edit(editor.generate, y, x=x, new_x=new_x, z=z, guesses=8)
    patches = editing.Patches(examples.faces("train"))
    error = lambda pictures: editing.score_edits(pictures, twins, editor.judge).error.mean()  # noqa: E731
    assert (
        0.05
        < error(ours)
        < 0.95 * min(error(patches.paste(twins)), error(y), error(patches.mean_face(twins)))
    )
