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
from stablegen_lib.widgets.ideas.film import HEAD


@pytest.fixture(scope="module")
def run():
    return Snapshots.load(data.data_dir() / "weights" / "faces_run.safetensors")


def test_the_film_holds_the_chosen_snapshots_in_order_and_is_small(run):
    film = TrainingFilm(run)
    for content, plays in ((film.gif(), 0), (film.png(), 3)):
        picture = Image.open(io.BytesIO(content))
        assert picture.n_frames - picture.info.get("default_image", False) == len(film) == 12
        assert picture.info["loop"] == plays
        assert len(content) < 300_000
    numbers = [shot.number for shot in film.shots]
    assert numbers == sorted(numbers)
    assert numbers[0] == run.snapshots[0].number
    assert numbers[-1] == run.snapshots[-1].number


def pixels(picture: Image.Image) -> np.ndarray:
    """The first face of a frame, the middle of each enlarged pixel."""
    return np.array(picture.convert("RGB"))[HEAD:][2::5, 2::5][:16, :16].astype(int)


@pytest.mark.parametrize("kind", ["gif", "png"])
def test_the_last_frame_shows_the_last_pictures(run, kind):
    picture = Image.open(io.BytesIO(getattr(TrainingFilm(run), kind)()))
    wanted = run.snapshots[-1].images[0].permute(1, 2, 0).numpy()
    first = pixels(picture)
    picture.seek(picture.n_frames - 1)
    assert np.abs(pixels(picture) - wanted).mean() < 12, "64 colours are near"
    assert (np.abs(first - wanted).mean() < 12) == (kind == "png"), "who cannot play it sees the last one"


def test_what_is_saved_plays_for_ever(run, tmp_path):
    TrainingFilm(run, frames=2).save(tmp_path / "film.gif")
    with Image.open(tmp_path / "film.gif") as film:
        assert film.info["loop"] == 0


def test_a_page_gets_the_film_with_words(run):
    film = TrainingFilm(run, frames=3)
    content, metadata = film._repr_mimebundle_()
    assert Image.open(io.BytesIO(base64.b64decode(content["image/png"]))).n_frames == 4
    assert metadata["image/png"]["alt"] == film.description()
    assert content["text/plain"] == "TrainingFilm(3 pictures, step 1 to 1200)"


def test_nothing_recorded_is_refused():
    with pytest.raises(ValueError, match="no snapshots yet"):
        TrainingFilm(Snapshots(conditions=torch.zeros(2, 0)))
