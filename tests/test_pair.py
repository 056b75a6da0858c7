"""Claims about networks built from a description."""

import pytest
import torch

from stablegen_lib.pair import PARTS, build, other_than_usual, paper_pair, paper_weights
from stablegen_lib.stablegen import StableGen

POINTS = {"kind": "points", "latent_dim": 2, "width": 8, "condition_names": []}
PICTURES = {"kind": "images", "latent_dim": 4, "width": 8, "image_size": 16, "channels": 1,
            "condition_names": ["a=0", "a=1"]}  # fmt: skip


@pytest.mark.parametrize("blueprint", [POINTS, PICTURES])
def test_a_pair_judges_what_its_generator_makes(blueprint):
    size = len(blueprint["condition_names"])
    generator, discriminator = build(blueprint, condition_size=size)
    x = torch.zeros(3, size)
    assert discriminator(x, generator(x, torch.zeros(3, blueprint["latent_dim"]))).shape == (3,)


def test_what_a_blueprint_leaves_out_is_usual_and_what_it_says_counts():
    assert other_than_usual(depth=2, waves=0) == {}
    assert other_than_usual(depth=4, waves=0) == {"depth": 4}
    usual, deep = (build(POINTS | more, condition_size=0)[0] for more in ({}, {"depth": 4}))
    assert len(list(deep.parameters())) == len(list(usual.parameters())) + 4


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"colour": 3}, "unknown"), ({"latent_dim": 0}, "latent_dim"), ({"width": 0}, "width")],
)
def test_a_description_out_of_a_file_must_be_known_and_possible(wrong, told):
    with pytest.raises(ValueError, match=told):
        paper_pair(POINTS | wrong)


def test_the_weights_on_paper_are_those_of_a_model():
    weights = paper_weights(paper_pair(PICTURES))
    model = StableGen.from_blueprint(PICTURES, device="cpu")
    assert {name.partition(".")[0] for name in weights} == set(PARTS)
    assert {name: value.shape for name, value in weights.items()} == {
        name: value.shape for name, value in model.state_dict().items()
    }
