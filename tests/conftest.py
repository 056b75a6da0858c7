"""One Playwright for all tests of a process: a second one beside it cannot start."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Playwright


@pytest.fixture(scope="session")
def playwright() -> Iterator["Playwright"]:
    from playwright.sync_api import sync_playwright  # a second to import, for those who need it

    with sync_playwright() as running:
        yield running
