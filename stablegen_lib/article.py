"""Lesson 14: the article behind the course, claim by claim: what it says, is it so, how do we know?"""

import csv
import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from IPython.display import HTML

from stablegen_lib import data
from stablegen_lib.plumbing.doors import door

Verdict = Literal["true", "true in part", "false", "unclear"]
VERDICTS: tuple[str, ...] = get_args(Verdict)
_SIGNS = {"true": "✓", "true in part": "◐", "false": "✗", "unclear": "?"}
_EARLIER = re.compile(r"(?:disagree, was|agree with) (true in part|true|false|unclear)\b")


@dataclass(frozen=True)
class Claim:
    """One thing that the article says.

    Attributes:
        number: In the article's order, from 1.
        section: Section of the article.
        quote: The article's own words, in Chinese.
        translation: The same in English, shortened.
        verdict: One of ``VERDICTS``.
        evidence: Why: a measurement or a source.
        lesson: Number of the lesson that measures or builds it, such as "07"; empty where a source decides.
        blind: The second reader's verdict before seeing ours; empty for a claim that was added afterwards.
        second_reader: Begins with "agree", "disagree" or "added", and says how it was settled.
    """

    number: int
    section: str
    quote: str
    translation: str
    verdict: str
    evidence: str
    lesson: str
    blind: str
    second_reader: str

    def __post_init__(self) -> None:
        for verdict in (self.verdict, self.blind or self.verdict):
            if verdict not in VERDICTS:
                raise ValueError(
                    f"claim {self.number}: a verdict is one of {', '.join(VERDICTS)}; got {verdict!r}"
                )

    @property
    def first_verdict(self) -> str:
        """Ours when the second reader judged blind; where nothing changed since, the verdict."""
        earlier = _EARLIER.match(self.second_reader)
        return earlier[1] if earlier else self.verdict


@door()
def load_claims(path: Path | None = None) -> list[Claim]:
    """All claims, in the article's order.

    Args:
        path: A file in the format of ``data/article/claims.csv``, which is the default.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If a verdict is none of ``VERDICTS``.
    """
    path = data.data_dir() / "article" / "claims.csv" if path is None else path
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [Claim(**{**row, "number": int(row["number"])}) for row in rows]  # type: ignore[arg-type]


@door()
def count(claims: Iterable[Claim]) -> dict[str, int]:
    """How many claims have each verdict; every verdict is named, also those with 0."""
    counted = Counter(claim.verdict for claim in claims)
    return {verdict: counted[verdict] for verdict in VERDICTS}


@door()
def table(claims: Sequence[Claim], *, folded: bool = False) -> HTML:
    """The claims as a table to read in a notebook: quote, translation, verdict, evidence.

    Args:
        claims: One row each.
        folded: Shows one line that counts the verdicts; a click on it opens the table.
    """
    head = "".join(
        f"<th style='text-align:left'>{name}</th>" for name in ("", "claim", "verdict", "evidence")
    )
    body = "".join(_row(claim) for claim in claims)
    whole = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    if folded:
        counts = " · ".join(f"{_SIGNS[name]} {n} {name}" for name, n in count(claims).items() if n)
        claims_read = "1 claim" if len(claims) == 1 else f"{len(claims)} claims"
        line = f"{claims_read}: {counts}. Open the table" if claims else "no such claim"
        whole = f"<details><summary>{line}</summary>{whole}</details>"
    return HTML(whole)  # type: ignore[no-untyped-call]


def _row(claim: Claim) -> str:
    lesson = f" <em>Lesson {claim.lesson}.</em>" if claim.lesson else ""
    cells = (
        str(claim.number),
        f"<span lang='zh'>{html.escape(claim.quote)}</span><br>{html.escape(claim.translation)}",
        f"{_SIGNS[claim.verdict]}&nbsp;{claim.verdict.replace(' ', '&nbsp;')}",
        html.escape(claim.evidence) + lesson,
    )
    return (
        "<tr>"
        + "".join(f"<td style='text-align:left;vertical-align:top'>{cell}</td>" for cell in cells)
        + "</tr>"
    )
