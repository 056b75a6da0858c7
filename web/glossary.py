"""The glossary: a page from `glossary.toml`, and the words by which lessons are searched for its terms."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from landing import lessons
from staging import WEB


@dataclass(frozen=True)
class Term:
    """One entry; the fields are those of `glossary.toml`."""

    name: str
    symbol: str
    code: list[str]
    lesson: str
    meaning: str
    forms: list[str] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return "term-" + re.sub(r"[^a-z]+", "-", self.name.lower().replace("é", "e"))

    @property
    def pattern(self) -> re.Pattern[str]:
        """Finds the term, or another form of it, as whole words."""
        words = "|".join(re.escape(form) for form in sorted(self.forms or [self.name], key=len, reverse=True))
        return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", 0 if self.name[0].isupper() else re.IGNORECASE)


def terms() -> list[Term]:
    """All entries, in alphabetical order."""
    entries = tomllib.loads((WEB / "glossary.toml").read_text(encoding="utf-8"))["term"]
    return sorted((Term(**entry) for entry in entries), key=lambda term: term.name.lower())


def write(folder: Path) -> None:
    """`glossary.md`."""
    files = {lesson.number: lesson.file for lesson in lessons()}
    parts = [
        "# Glossary",
        "What the words of the course mean, how papers write them, and what the code calls them. "
        "In each lesson the first use of a term leads here.",
    ]
    for term in terms():
        code = ", ".join(f"`{name}`" for name in term.code)
        facts = [
            f"lesson [{term.lesson}]({files[term.lesson]})",
            *([f"symbol {term.symbol}"] if term.symbol != "–" else []),
            *([f"in code {code}"] if code else []),
        ]
        parts.append(f"({term.anchor})=\n## {term.name}\n\n{term.meaning}\n\n{'; '.join(facts)}")
    (folder / "glossary.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
