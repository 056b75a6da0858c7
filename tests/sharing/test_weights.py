"""The numbers behind a page: small where nothing is lost, whole where something would be."""

import json

import torch
from safetensors.torch import load

from stablegen_lib import data
from stablegen_lib.sharing.weights import page_scene, page_weights, smallest
from stablegen_lib.stablegen import StableGen


def test_the_shipped_generator_survives_half_precision_to_the_last_bit():
    model = StableGen.load(data.data_dir() / "weights" / "faces")
    scene = page_scene(model)
    stored = load(page_weights(model, scene, seed=4, usual=[0] * len(scene.values)))
    for name, tensor in model.averaged_generator.state_dict().items():
        assert stored[name].dtype == torch.float16, name
        assert torch.equal(stored[name].float(), tensor), name


def test_a_number_that_half_precision_would_change_stays_whole():
    assert smallest(torch.tensor([0.5, 0.1])).dtype == torch.float32


def test_the_page_is_told_where_to_begin(trained):
    model, _ = trained
    scene = page_scene(model)
    usual = [len(values) - 1 for values in scene.values.values()]
    content = page_weights(model, scene, seed=7, usual=usual)
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    about = json.loads(header["__metadata__"]["about"])
    assert (about["seed"], about["usual"], about["modelId"]) == (7, usual, scene.model_id)
