"""Claims about the experiment on deafness: a lie changes one thing, and one network does not mind it."""

import examples
import pytest

from stablegen_experiments.deafness import lies, told
from stablegen_lib.words import captions

FACES = examples.faces("validation")[:50]
TOLD = told()


@pytest.mark.parametrize("attribute", ["mouth", "glasses", "hair colour"])
def test_a_lie_changes_one_phrase_and_no_other(attribute):
    truth = captions.captions(FACES.conditions, FACES.condition_names)
    changed = 0
    for true, false in zip(truth, lies(FACES, attribute), strict=True):
        wishes, lie = captions.asked(true), captions.asked(false)
        assert {name: wish for name, wish in lie.items() if name != attribute} == {
            name: wish for name, wish in wishes.items() if name != attribute
        }
        changed += lie[attribute] != wishes[attribute]
    assert changed > (0.5 if attribute == "hair colour" else 0.99) * len(FACES)  # four browns are one word


def test_only_the_network_that_learnt_along_is_deaf_to_mouth_and_beard():
    deaf, hearing = TOLD["text encoder learns along"], TOLD["frozen CLIP"]
    for attribute in ("mouth", "beard"):
        assert abs(deaf[attribute]) < 0.1
        assert hearing[attribute] > 20 * abs(deaf[attribute])
    assert min(deaf["hat"], hearing["hat"]) > 5
    assert deaf.keys() == hearing.keys() == set(FACES.groups)
