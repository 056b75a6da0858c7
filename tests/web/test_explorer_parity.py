"""The explorer in the page is the notebook's: the same random numbers, codes and faces, to the byte."""

import random
from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
import torch
from javascript import ask, assert_same_bytes
from site_pages import SITE

from stablegen_lib import data
from stablegen_lib.stablegen import StableGen
from stablegen_lib.widgets.explorer.scene import Scene
from stablegen_lib.widgets.explorer.state import ExplorerState

SLIDERS = 6
TOLERANCE = 5e-6  # largest difference of a pixel, of 2
LIVE = SITE / "_static" / "live"


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene(StableGen.load(data.data_dir() / "weights" / "faces"), {}, SLIDERS)


@pytest.fixture(scope="module")
def states(scene) -> list[ExplorerState]:
    """All kinds of states, chosen by chance once."""
    chance, found = random.Random(0), []
    for number in range(40):
        state = scene.with_basis(
            scene.start(seed=chance.randrange(2**31)), ("sefa", "pca", "raw")[number % 3]
        )
        for slider in range(number % 5):
            state = state.moved(slider, round(chance.uniform(-4, 4), 1))
        choices = tuple(chance.randrange(len(values)) for values in scene.values.values())
        truncation = (1.0, 0.0, round(chance.uniform(0, 2), 2), 1e-05)[number % 4]
        found.append(replace(state, truncation=truncation, choices=choices, count=16 if number == 7 else 1))
    return found


@pytest.mark.parametrize("seed", [0, 3, 2**31 - 1])
def test_the_page_draws_torchs_random_numbers(seed):
    counts = [64, 16, 3, 1, 17, 40, 2, 5000]
    generator = torch.Generator().manual_seed(seed)
    wanted = [torch.randn(count, generator=generator) for count in counts]
    for found, expected in zip(ask("randn", seed=seed, counts=counts), wanted, strict=True):
        torch.testing.assert_close(torch.tensor(found), expected, rtol=0, atol=2e-6)


def test_codes_made_in_python_show_the_same_faces_in_the_page(scene, states):
    codes = [state.encode(scene.model_id) for state in states]
    answers = ask("faces", file=str(LIVE / "faces.safetensors"), codes=codes)
    largest, other, pixels = 0.0, 0, 0
    for state, answer in zip(states, answers, strict=True):
        wanted = scene.images(state)
        found = torch.tensor(answer["images"]).reshape(wanted.shape)
        largest = max(largest, float((found - wanted).abs().max()))
        rounded = torch.tensor(answer["bytes"], dtype=torch.uint8).reshape(wanted.shape)
        other += assert_same_bytes(rounded, data.to_bytes(wanted))
        pixels += wanted.numel()
    print(f"plain JavaScript: largest difference {largest:.1e}, {other} of {pixels} bytes differ")
    assert largest < TOLERANCE
    assert [answer["code"] for answer in answers] == codes
    assert [answer["words"] for answer in answers] == [scene.words(state) for state in states]


def test_codes_made_in_the_page_open_in_python(scene, states):
    fields = ("seed", "truncation", "basis", "offsets", "choices", "count")
    plain = [{field: getattr(state, field) for field in fields} for state in states]
    made = ask("codes", modelId=scene.model_id, states=plain)
    assert [ExplorerState.decode(code, scene.model_id) for code in made] == states


def test_the_onnx_file_is_the_same_generator(scene):
    session = onnxruntime.InferenceSession(str(LIVE / "faces.onnx"), providers=["CPUExecutionProvider"])
    rows = data.load_faces("test").conditions[:64]
    z = torch.randn(64, scene.model.latent_dim, generator=torch.Generator().manual_seed(0))
    wanted = scene.model.sample(conditions=rows, z=z)
    (found,) = session.run(["image"], {"x": rows.numpy(), "z": z.numpy()})
    difference = np.abs(found - wanted.numpy()).max()
    other = assert_same_bytes(data.to_bytes(torch.tensor(found)), data.to_bytes(wanted))
    print(f"ONNX: largest difference {difference:.1e}, {other} of {wanted.numel()} bytes differ")
    assert difference < TOLERANCE
    assert (LIVE / "faces.onnx").stat().st_size < 3_000_000  # half precision
