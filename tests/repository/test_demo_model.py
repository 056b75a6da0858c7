"""The demonstration explores the shipped model, or the one that STABLEGEN_MODEL names."""

from pathlib import Path

import examples
import nbformat
import pytest
from places import ROOT

from stablegen_lib import data
from stablegen_lib.stablegen import StableGen
from stablegen_lib.widgets import LatentExplorer


def explorer_of_the_demo() -> LatentExplorer:
    (source,) = [
        cell.source
        for cell in nbformat.read(ROOT / "demo" / "explorer.ipynb", as_version=4).cells
        if cell.cell_type == "code"
    ]
    *setup, shown = source.splitlines()
    names: dict[str, object] = {}
    exec("\n".join([*setup, f"explorer = {shown}"]), names)
    made = names["explorer"]
    assert isinstance(made, LatentExplorer)
    return made


def test_by_default_it_is_the_shipped_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STABLEGEN_MODEL", raising=False)
    shipped = LatentExplorer(StableGen.load(data.data_dir() / "weights" / "faces"))
    assert explorer_of_the_demo().code == shipped.code


def test_a_model_of_ones_own_takes_its_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    model = StableGen.for_images(examples.faces("test"), latent_dim=8, width=16, seed=3, device="cpu")
    model.save(tmp_path / "my_faces")
    monkeypatch.setenv("STABLEGEN_MODEL", str(tmp_path / "my_faces"))
    assert explorer_of_the_demo().code == LatentExplorer(model).code
