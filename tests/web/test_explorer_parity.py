"""The explorer in the page is the notebook's: the same random numbers, codes and pictures, to the byte.

Each shipped generator is compared.
"""

import html
import json
import random
import re
from contextlib import suppress
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
WEIGHTS = data.data_dir() / "weights"
ROWS = 64  # conditions under which the ONNX file is compared


def offered() -> list[dict[str, str]]:
    """The generators in the menu of the page."""
    found = re.search(r'data-generators="([^"]*)"', (SITE / "explore.html").read_text(encoding="utf-8"))
    assert found
    return json.loads(html.unescape(found[1]))


@pytest.fixture(scope="module", params=sorted(path.stem for path in LIVE.glob("*.safetensors")))
def scene(request) -> Scene:
    return Scene(StableGen.load(WEIGHTS / request.param), {}, SLIDERS)


@pytest.fixture
def name(request) -> str:
    return request.node.callspec.params["scene"]


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
        names = (("pca", 1, "größer"), ("raw", 0, "age 大")) if number % 7 == 0 else ()
        truncation = (1.0, 0.0, round(chance.uniform(0, 2), 2), 1e-05)[number % 4]
        found.append(
            replace(
                state, truncation=truncation, choices=choices, count=16 if number == 7 else 1, names=names
            )
        )
    return found


@pytest.mark.parametrize("seed", [0, 3, 2**31 - 1])
def test_the_page_draws_torchs_random_numbers(seed):
    counts = [64, 16, 3, 1, 17, 40, 2, 5000]
    generator = torch.Generator().manual_seed(seed)
    wanted = [torch.randn(count, generator=generator) for count in counts]
    for found, expected in zip(ask("randn", seed=seed, counts=counts), wanted, strict=True):
        torch.testing.assert_close(torch.tensor(found), expected, rtol=0, atol=2e-6)


def test_the_page_offers_every_shipped_generator():
    shipped = set()
    for file in WEIGHTS.glob("*.safetensors"):
        with suppress(ValueError):  # weights of something else
            shipped.add(StableGen.load(file.with_suffix("")) and file.stem)
    menu = offered()
    assert {entry["name"] for entry in menu} == shipped >= {"faces", "faces_unconditional", "peeps"}
    for entry in menu:
        assert entry["modelId"] == Scene(StableGen.load(WEIGHTS / entry["name"]), {}, SLIDERS).model_id
        assert entry.get("credit", "") == (data.PORTRAITS_CREDIT if entry["name"] == "portraits" else "")


def test_codes_made_in_python_show_the_same_pictures_in_the_page(name, scene, states):
    codes = [state.encode(scene.model_id) for state in states]
    answers = ask("faces", file=str(LIVE / f"{name}.safetensors"), codes=codes)
    largest, other, pixels = 0.0, 0, 0
    for state, answer in zip(states, answers, strict=True):
        wanted = scene.images(state)
        found = torch.tensor(answer["images"]).reshape(wanted.shape)
        largest = max(largest, float((found - wanted).abs().max()))
        rounded = torch.tensor(answer["bytes"], dtype=torch.uint8).reshape(wanted.shape)
        other += assert_same_bytes(rounded, data.to_bytes(wanted))
        pixels += wanted.numel()
    print(f"{name}, plain JavaScript: largest difference {largest:.1e}, {other} of {pixels} bytes differ")
    assert largest < TOLERANCE
    assert [answer["code"] for answer in answers] == codes
    assert [answer["words"] for answer in answers] == [scene.words(state) for state in states]


def test_codes_made_in_the_page_open_in_python(scene, states):
    fields = ("seed", "truncation", "basis", "offsets", "choices", "count", "names")
    plain = [{field: getattr(state, field) for field in fields} for state in states]
    made = ask("codes", modelId=scene.model_id, states=plain)
    assert [ExplorerState.decode(code, scene.model_id) for code in made] == states


def test_the_onnx_file_is_the_same_generator(name, scene, states):
    session = onnxruntime.InferenceSession(str(LIVE / f"{name}.onnx"), providers=["CPUExecutionProvider"])
    rows = torch.cat([scene.conditions(state) for state in states])[:ROWS]
    z = torch.randn(len(rows), scene.model.latent_dim, generator=torch.Generator().manual_seed(0))
    wanted = scene.model.sample(conditions=rows if scene.groups else None, z=z)
    given = {"x": rows.numpy(), "z": z.numpy()}
    (found,) = session.run(["image"], {entry.name: given[entry.name] for entry in session.get_inputs()})
    difference = np.abs(found - wanted.numpy()).max()
    other = assert_same_bytes(data.to_bytes(torch.tensor(found)), data.to_bytes(wanted))
    print(f"{name}, ONNX: largest difference {difference:.1e}, {other} of {wanted.numel()} bytes differ")
    assert difference < TOLERANCE
    numbers = sum(weight.numel() for weight in scene.model.averaged_generator.parameters())
    assert (LIVE / f"{name}.onnx").stat().st_size < 2 * numbers + 50_000  # half precision
