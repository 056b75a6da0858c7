"""What the documents name as a part of the packages can be imported. CHANGELOG.md names old places too."""

import pkgutil
import re

import pytest
from places import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
DOTTED = re.compile(r"\bstablegen_(?:lib|experiments)(?:\.\w+)+")
NAMED = sorted(
    {
        (document.name, name)
        for document in DOCUMENTS
        for name in DOTTED.findall(document.read_text(encoding="utf-8"))
    }
)


@pytest.mark.parametrize(("document", "name"), NAMED)
def test_every_name_in_a_document_can_be_imported(document, name):
    pkgutil.resolve_name(name)


@pytest.mark.parametrize("name", ["stablegen_lib.nowhere", "stablegen_experiments.runs.nothing"])
def test_a_name_that_is_gone_is_noticed(name):
    assert DOTTED.fullmatch(name)
    with pytest.raises((ImportError, AttributeError)):
        pkgutil.resolve_name(name)
