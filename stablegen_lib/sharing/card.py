"""A model card: numbers that the library knows, and words that only the maker knows.

Mitchell et al. 2019, arXiv:1810.03993, asked for cards; ours has six of their sections.
"""

import html
from collections.abc import Mapping
from itertools import groupby

import stablegen_lib
from stablegen_lib.plumbing.bounds import FREE
from stablegen_lib.plumbing.doors import door
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training.state import TrainingState

QUESTIONS = {
    "pictures": "What do the pictures show, how many are they, and what is left out?",
    "licence": "Who made them, and who allows you to use them?",
    "use": "What is the generator for?",
    "limits": "What can it not do, and what should nobody use it for?",
}
"""What the words of a card must answer, by name."""
SHORTEST = 20  # characters of an answer


@door(measured=FREE)
def model_card(
    model: StableGen,
    state: TrainingState,
    *,
    title: str,
    words: Mapping[str, str],
    measured: Mapping[str, tuple[float, float]],
) -> str:
    """Writes the card of a model, in Markdown.

    Args:
        model: Its sizes are told.
        state: Of the run that trained it: recipe and steps.
        title: What the generator is called.
        words: Your answers to `QUESTIONS`, by their names, each at least 20 characters long.
        measured: What was measured -> the number for generated pictures, and the same for real ones.

    Returns:
        The text of a file README.md.

    Raises:
        ValueError: If an answer is missing or too short, the title is empty, or nothing was measured.
    """
    _require_answers(words)
    if not title.strip() or not measured:
        raise ValueError("a card needs a title and at least one measurement; one of them is empty.")
    weights = sum(weight.numel() for weight in model.averaged_generator.parameters())
    recipe = state.recipe
    augmented = ", ".join(recipe.diff_augment) or "none"
    made = (
        f"A generative adversarial network, {weights:,} numbers in the generator, z with {model.latent_dim} "
        f'entries. {state.number:,} steps with {recipe.batch_size} pictures each, recipe "{recipe.name}", '
        f"DiffAugment: {augmented}. Made with StableGen {stablegen_lib.__version__}."
    )
    sections = {
        "What it is for": words["use"],
        "What it cannot do": words["limits"],
        "The pictures it learnt from": words["pictures"],
        "Whose pictures": words["licence"],
        "How it was made": made,
        "What was measured": _table(measured),
    }
    parts = [f"# {_one_line(title)}", *(f"## {name}\n\n{text.strip()}" for name, text in sections.items())]
    return "\n\n".join(parts) + "\n"


def _require_answers(words: Mapping[str, str]) -> None:
    if unknown := sorted(words.keys() - QUESTIONS.keys()):
        raise ValueError(f"words about {', '.join(QUESTIONS)} were needed, and {unknown[0]!r:.40} came.")
    for name, question in QUESTIONS.items():
        if len(words.get(name, "").strip()) < SHORTEST:
            raise ValueError(
                f"the card needs your words about {name!r}, {SHORTEST} characters at least: {question}"
            )


def _table(measured: Mapping[str, tuple[float, float]]) -> str:
    rows = [f"| {_one_line(name)} | {ours:.2f} | {real:.2f} |" for name, (ours, real) in measured.items()]
    return "\n".join(["| | generated | real |", "|---|---|---|", *rows])


def _one_line(text: str) -> str:
    return " ".join(text.replace("|", "/").split())


def as_html(card: str) -> str:
    """A card as a page shows it: headings, tables and paragraphs; whatever else is in it stays text."""
    blocks = ("\n".join(lines) for is_text, lines in groupby(card.splitlines(), key=bool) if is_text)
    return "\n".join(_block(block) for block in blocks)


def _block(text: str) -> str:
    if text.startswith("#"):
        level = min(2 + len(text) - len(text.lstrip("#")), 6)
        return f"<h{level}>{html.escape(text.lstrip('#').strip())}</h{level}>"
    if not text.startswith("|"):
        return f"<p>{html.escape(text)}</p>"
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    rows = [row for row in rows if set("".join(row)) != {"-"}]
    cells = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"
