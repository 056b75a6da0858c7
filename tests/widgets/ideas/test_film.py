"""Claims about TrainingFilm: each frame is a snapshot, in order, in a small file."""

import base64
import io

import numpy as np
import pytest
import torch
from PIL import Image

from stablegen_lib import data
from stablegen_lib.training import Snapshots
from stablegen_lib.widgets import TrainingFilm


@pytest.fixture(scope="module")
def run():
    return Snapshots.load(data.data_dir() / "weights" / "faces_run.safetensors")


def test_the_gif_holds_the_chosen_snapshots_and_is_small(run):
    film = TrainingFilm(run)
    gif = film.gif(2)
    picture = Image.open(io.BytesIO(gif))
    assert picture.n_frames == len(film) == 24
    assert picture.info["loop"] == 2
    assert len(gif) < 300_000
    assert film.shots[0].number == run.snapshots[0].number
    assert film.shots[-1].number == run.snapshots[-1].number
    assert [shot.number for shot in film.shots] == sorted(shot.number for shot in film.shots)


def test_the_last_frame_shows_the_last_pictures(run):
    film = TrainingFilm(run)
    picture = Image.open(io.BytesIO(film.gif()))
    picture.seek(picture.n_frames - 1)
    shown = np.array(picture.convert("RGB"))[24:][1::3, 1::3][:16, :16]  # the middle of each enlarged pixel
    wanted = run.snapshots[-1].images[0].permute(1, 2, 0).numpy()
    assert np.abs(shown.astype(int) - wanted.astype(int)).mean() < 12, "64 colours are near"


def test_what_is_saved_plays_for_ever(run, tmp_path):
    TrainingFilm(run, frames=2).save(tmp_path / "film.gif")
    with Image.open(tmp_path / "film.gif") as film:
        assert film.info["loop"] == 0


def test_a_page_gets_the_film_and_a_still_with_words(run):
    film = TrainingFilm(run, frames=3)
    content, metadata = film._repr_mimebundle_()
    assert Image.open(io.BytesIO(base64.b64decode(content["image/gif"]))).n_frames == 3
    assert Image.open(io.BytesIO(base64.b64decode(content["image/png"]))).format == "PNG"
    assert metadata["image/gif"]["alt"] == metadata["image/png"]["alt"] == film.description()
    assert content["text/plain"] == "TrainingFilm(3 pictures, step 1 to 1200)"


def test_nothing_recorded_is_refused():
    with pytest.raises(ValueError, match="recorded snapshots"):
        TrainingFilm(Snapshots(conditions=torch.zeros(2, 0)))
