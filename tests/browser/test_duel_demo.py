"""Claims about the Duel as `make demo` shows it: it plays, pauses, restarts."""

import re

import numpy as np
from hands import decoded, picture, pixels, press, settled, until
from playwright.sync_api import Page
from servers import Server

from stablegen_lib.widgets import Duel


def rounds(page: Page) -> int:
    """How far the game is, read from the description that screen readers get."""
    found = re.match(r"Round (\d+) ", picture(page).get_attribute("aria-label") or "")
    assert found
    return int(found[1])


def test_the_duel_plays_pauses_and_restarts(voila: Server, page: Page) -> None:
    page.goto(voila.address("voila/render/duel.ipynb"))
    image = picture(page)
    first = settled(image)
    by_hand = Duel()
    assert np.array_equal(first, decoded(by_hand.picture.frame["png"]))

    press(page, "play")
    until(lambda: rounds(page) >= 20, "it plays")
    press(page, "pause")
    still, stopped = settled(image), rounds(page)
    page.wait_for_timeout(1000)
    assert rounds(page) == stopped, "paused means paused"
    by_hand.advance(stopped)
    assert np.array_equal(still, decoded(by_hand.picture.frame["png"])), "the same game as without a browser"

    press(page, "restart")
    until(lambda: np.array_equal(pixels(image), first), "restart brings the first picture back")
