"""Claims about the experiment on freezing: its two arms differ in one thing, and what their lies cost."""

import pytest
import torch

from stablegen_experiments import freezing
from stablegen_experiments.freezing import Trial, bench, told, trained


@pytest.fixture(scope="module")
def here():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(freezing, "FACES", 150)
        yield bench()


def weights(network):
    return torch.cat([value.flatten() for value in network.state_dict().values()])


def arms(here, steps):
    """Network and text encoder of the frozen arm and of the one that learns along."""
    return [[weights(part) for part in trained(Trial(learns, steps=steps), here)] for learns in (False, True)]


@pytest.mark.slow
def test_both_arms_have_the_same_start_and_only_in_one_the_text_encoder_moves(here):
    (start, words), (other_start, other_words) = arms(here, steps=0)
    assert torch.equal(start, other_start)
    assert torch.equal(words, other_words)
    (network, frozen), (_, moved) = arms(here, steps=2)
    assert torch.equal(frozen, words)
    assert not torch.equal(moved, words)
    assert not torch.equal(network, start)


@pytest.mark.slow
def test_a_network_without_training_minds_no_lie(here):
    network, encoder = trained(Trial(False, steps=0), here)
    found = freezing.costs(network, encoder, here, here.faces[:100])
    assert found.keys() == set(here.faces.groups)
    for cost in found.values():
        assert abs(cost["mean"]) < 5
        assert cost["half"] > 0


def test_learning_along_has_lost_the_mouth_and_hears_five_large_attributes_better():
    arms = {arm["way"]: arm for arm in told()}
    frozen, along = arms["frozen"], arms["learns along"]
    assert frozen["apart"] > 2 * along["apart"]
    mouth = {way: arm["thousandths"]["mouth"] for way, arm in arms.items()}
    assert mouth["frozen"]["mean"] > mouth["frozen"]["half"]
    assert abs(mouth["learns along"]["mean"]) < mouth["learns along"]["half"] < 0.1
    for attribute in ("background", "glasses", "hair", "hair colour", "skin"):
        assert along["thousandths"][attribute]["mean"] > 1.4 * frozen["thousandths"][attribute]["mean"]
