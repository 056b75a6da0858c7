"""What learners saved with version 0.1.0 still opens, and is what it was."""

import shutil

import pytest
import tiny
import torch
from places import ROOT
from safetensors.torch import load_file

from stablegen_lib import autoencoder, course, data, editing, metrics, training, vae
from stablegen_lib.stablegen import StableGen
from stablegen_lib.widgets import LatentExplorer

FILES = ROOT / "tests" / "old_files"  # make.py there says how they were made
LOOKS = load_file(FILES / "looks.safetensors")
PICTURES = tiny.pictures(count=12, size=8)
REAL = data.to_unit_range(PICTURES.images)


def assert_looks(name: str, seen: torch.Tensor) -> None:
    torch.testing.assert_close(seen, LOOKS[name], rtol=0, atol=1e-4)  # processors round differently
    assert LOOKS[name].std() > 1e-3


def test_a_model_of_two_files_opens_and_draws_what_it_drew():
    model = StableGen.load(FILES / "model", device="cpu")
    assert_looks("model", model.sample(conditions=PICTURES.conditions[:3], seed=4))
    assert_looks("points", StableGen.load(FILES / "points", device="cpu").sample(5, seed=4))


def test_a_model_of_two_files_needs_both_and_an_unchanged_pair(tmp_path):
    shutil.copy(FILES / "model.safetensors", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"model\.json does not exist.*copy both"):
        StableGen.load(tmp_path / "model", device="cpu")
    shutil.copy(FILES / "points.json", tmp_path / "model.json")
    with pytest.raises(ValueError, match="do not belong together"):
        StableGen.load(tmp_path / "model", device="cpu")


def test_saved_again_it_is_one_file(tmp_path):
    model = StableGen.load(FILES / "model", device="cpu")
    model.save(tmp_path / "model")
    assert [path.name for path in tmp_path.iterdir()] == ["model.safetensors"]
    again = StableGen.load(tmp_path / "model", device="cpu")
    assert tiny.equal(again.state_dict(), model.state_dict())


def test_saving_over_an_old_pair_leaves_a_model_that_opens(tmp_path):
    for ending in ("safetensors", "json"):
        shutil.copy(FILES / f"model.{ending}", tmp_path)
    tiny.model(PICTURES, seed=5).save(tmp_path / "model")
    opened = StableGen.load(tmp_path / "model", device="cpu")
    assert tiny.equal(opened.state_dict(), tiny.model(PICTURES, seed=5).state_dict())


def test_a_run_goes_on_where_the_old_version_would_have_gone():
    model, state = training.resume(FILES / "state", device="cpu")
    assert state.number == 3
    for _ in training.train(model, PICTURES, steps=5, state=state):
        pass
    drawn = model.sample(conditions=PICTURES.conditions[:3], seed=4, averaged=False)
    assert_looks("state, five steps", drawn)


def test_a_film_opens():
    film = training.Snapshots.load(FILES / "film.safetensors")
    assert [shot.number for shot in film.snapshots] == [1, 2, 3]
    assert len(film.losses) == 3


@torch.no_grad()
def test_every_other_network_opens_and_answers_as_it_did():
    drawn = vae.VAE.load(FILES / "vae").sample(conditions=PICTURES.conditions[:3], seed=4)
    assert_looks("vae", drawn)
    small = autoencoder.Autoencoder.load(FILES / "autoencoder.safetensors")
    assert_looks("autoencoder", small.decode(small.encode(REAL[:2])[0]))
    judge = metrics.AttributeClassifier.load(FILES / "classifier.safetensors")
    assert judge.condition_names == PICTURES.condition_names
    assert_looks("classifier", judge(REAL))
    encoder = editing.Encoder.load(FILES / "encoder.safetensors")
    torch.testing.assert_close(encoder(PICTURES.conditions, REAL), LOOKS["encoder"], rtol=0, atol=2e-3)
    colourer = editing.Colourer.load(FILES / "colourer.safetensors")
    coloured = colourer(torch.zeros(1, 32 * 32), torch.ones(1, 2))
    torch.testing.assert_close(coloured, LOOKS["colourer"], rtol=0, atol=2e-3)  # stored with three digits


def test_a_share_code_shows_the_same_picture():
    explorer = LatentExplorer(StableGen.load(FILES / "model", device="cpu"), sliders=3)
    explorer.code = (FILES / "share_code.txt").read_text()
    assert explorer.truncation == 0.5
    assert_looks("share code", explorer.images())


def test_progress_is_remembered(tmp_path, monkeypatch, capsys):
    shutil.copy(FILES / "progress.json", tmp_path)
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(tmp_path))
    course.progress()
    assert " 1/3" in capsys.readouterr().out.splitlines()[1]
