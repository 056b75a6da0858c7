"""These tests need the extra [diffusion]; without it they are left out, all but the one that says so."""

import pytest


@pytest.fixture(autouse=True)
def packages(request: pytest.FixtureRequest) -> None:
    if not request.node.name.startswith("test_without_the_packages"):
        pytest.importorskip("diffusers", reason="the extra [diffusion] is not installed")
        pytest.importorskip("transformers", reason="the extra [diffusion] is not installed")
