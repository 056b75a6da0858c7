"""Where a lesson opens without installing anything: addresses for Colab, Kaggle, Binder and Codespaces.

The address of the repository comes from one place: `Repository` under [project.urls] in pyproject.toml.
While there is none, GITHUB_REPOSITORY names it, as GitHub's own runners do.
"""

import os
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BRANCH = "hosted"  # tools/hosted.py makes what is in it
BADGES = {
    "Colab": "https://colab.research.google.com/assets/colab-badge.svg",
    "Kaggle": "https://kaggle.com/static/images/open-in-kaggle.svg",
    "Binder": "https://mybinder.org/badge_logo.svg",
    "Codespaces": "https://github.com/codespaces/badge.svg",
}


class NoAddress(ValueError):
    """Nothing says where the repository is."""


def repository() -> str:
    """The repository as "owner/name".

    Raises:
        NoAddress: If neither pyproject.toml nor GITHUB_REPOSITORY names it as it should be.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = project.get("urls", {}).get("Repository") or os.environ.get("GITHUB_REPOSITORY", "")
    found = re.fullmatch(r"(?:https://github\.com/)?([\w-]+/[\w.-]+?)(?:\.git)?/?", told)
    if found is None:
        raise NoAddress(
            f"the address of the repository is {repr(told) if told else 'not known'}: write "
            'Repository = "https://github.com/<owner>/<name>" under [project.urls] in pyproject.toml, '
            "or set GITHUB_REPOSITORY to <owner>/<name>"
        )
    return found[1]


def addresses(where: str, notebook: str) -> dict[str, str]:
    """Service -> address that opens a notebook of the repository ``where``."""
    stored = f"{where}/blob/{BRANCH}/notebooks/{notebook}"
    return {
        "Colab": f"https://colab.research.google.com/github/{stored}",
        "Kaggle": f"https://kaggle.com/kernels/welcome?src=https://github.com/{stored}",
        "Binder": f"https://mybinder.org/v2/gh/{where}/HEAD?urlpath=lab/tree/notebooks/{notebook}",
        "Codespaces": f"https://codespaces.new/{where}",
    }


def badges(where: str, notebook: str) -> str:
    """One line of Markdown: a button for each service."""
    found = addresses(where, notebook)
    return " ".join(f"[![Open in {name}]({BADGES[name]})]({address})" for name, address in found.items())
