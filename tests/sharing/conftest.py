"""A small trained model, its card, and words for it."""

import pytest
import tiny

from stablegen_lib import sharing, training
from stablegen_lib.stablegen import StableGen

WORDS = {
    "pictures": "Squares of one colour each, made by a program.",
    "licence": "Made by the tests; anybody may use them.",
    "use": "It shows that a page can be written.",
    "limits": "It draws squares, and nothing else at all.",
}


@pytest.fixture(scope="session")
def trained() -> tuple[StableGen, training.TrainingState]:
    model = tiny.model(tiny.pictures())
    (step,) = training.train(model, tiny.pictures(), steps=1, recipe=tiny.recipe())
    return model, step.state


@pytest.fixture
def words() -> dict[str, str]:
    return dict(WORDS)


@pytest.fixture(scope="session")
def card(trained) -> str:
    return sharing.model_card(*trained, title="Squares", words=WORDS, measured={"variety": (0.25, 1.0)})
