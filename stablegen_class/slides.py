"""A lesson as slides: what is said goes to the notes, what is seen stays on the slide."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from stablegen_class.lessons import PREDICT, Code, Lesson, Section
from stablegen_class.markup import as_html, escaped, inline, plain
from stablegen_class.pages import template
from stablegen_class.questions import Question, as_slides

WIDTH, HEIGHT = 1280, 720  # in pixels of the page, which reveal.js scales to the window
LINES = 11  # of running text on one slide
COLUMNS = 76  # characters in such a line
CAPTION = 230  # characters below a picture
PARAGRAPH = 340  # characters of prose that are shown whole
CODE_LINES = 22
SHORT = 7  # lines of output that may share a slide with text
ANSWER = "What came out"
NOT_SHOWN = ("Sources", "What we left out")
SENTENCE = re.compile(r"(?:(?<=[.?!])|(?<=[.?!]\*\*))\s+(?=[A-Z*`$(])")
EXERCISE = re.compile(r"\*\*\d\d\.\d\*\*|\d\d\.\d |Further research")  # a paragraph, or a heading
FOR_TOOLS = re.compile(r" *# (fmt: skip|noqa.*|type: ignore.*)$", re.MULTILINE)  # comments that teach nothing
TABLE = re.compile(r"\S {2,}\S")  # a printed row that must not be broken
ROW = 84  # characters of a printed sentence
# What `course` tells a learner of open gaps and exercises; a class has nothing of it.
STATUS = re.compile(r"(gap \d\d\.\w is open .*|\d\d\.\d not yet .*|gaps of lesson \d\d: .*|… \d\d\.\w .*)\n?")


@dataclass
class Slide:
    """What is seen, what is said, and what stands below it (the code, one key further down)."""

    title: str
    body: str
    notes: list[str] = field(default_factory=list)
    kind: str = "text"
    below: list["Slide"] = field(default_factory=list)


def deck(lesson: Lesson, questions: Sequence[Question]) -> list[Slide]:
    """All slides of a lesson. A question of the bank comes at the end of its section, then its answer."""
    slides = [_cover(lesson)]
    for section in lesson.sections:
        if section.heading.startswith(NOT_SHOWN):
            continue
        slides += _merged(list(_of_section(section)))
        for question in questions:
            if question.section == section.heading:
                slides += [Slide(title, body, [], "question") for title, body in as_slides(question)]
    return slides


def page(lesson: Lesson, questions: Sequence[Question]) -> str:
    """The deck as HTML; reveal.js and MathJax stand beside it in `shared/`."""
    slides = deck(lesson, questions)
    return template("deck.html").render(
        number=lesson.number, title=lesson.title, slides=slides, width=WIDTH, height=HEIGHT
    )


def _cover(lesson: Lesson) -> Slide:
    asked = lesson.question[:1].upper() + lesson.question[1:]
    lines = [f"<p class='ask'>{escaped(asked)}</p>"]
    for start in ("You need first", "You will be able to", "Running time"):
        promise = lesson.promise(start)
        if promise:
            lines.append(f"<p class='small'><b>{start}:</b> {inline(promise)}</p>")
    return Slide(f"{lesson.number} · {lesson.title}", "\n".join(lines), lesson.opening[:1], "cover")


def _of_section(section: Section) -> Iterator[Slide]:
    """Slides in order. Notes gather until a slide takes them."""
    title, parts, is_first, answers, caption = section.heading, section.parts, True, False, ""
    for place, part in enumerate(parts):
        if isinstance(part, Code):
            following = parts[place + 1] if place + 1 < len(parts) else ""
            caption = " ".join(_caption(following)) if isinstance(following, str) else ""
            shown = list(_results(part, ANSWER if answers else title, caption))
            answers = answers and not shown
            yield from shown
            continue
        if part.startswith("<details>"):  # solutions, and what is to be opened later
            continue
        before, question = _predict(part)
        if before:
            yield from _text(before, title, is_first, said=caption)
            is_first, caption = False, ""
        if question:
            asked = question[0].upper() + question[1:]
            yield Slide("Predict", f"<p class='ask'>{inline(asked)}</p>", [part], "predict")
            answers = True


def _predict(part: str) -> tuple[str, str]:
    """What stands before a question to predict, and the question; both may be empty."""
    found = PREDICT.search(part)
    return (part[: found.start()].strip(), found[1].strip()) if found else (part, "")


def _text(part: str, title: str, is_first: bool, said: str) -> Iterator[Slide]:
    """Formulas, lists, tables and quotations are shown, and short prose; of long prose, what is bold."""
    if part.startswith("```"):
        yield Slide(title, _listing("\n".join(part.splitlines()[1:-1])), [part])
        return
    if re.match(r"(\$\$|[*+-] |\d+\. |\||> |```|!\[)", part) or "\n|" in part or "$$" in part:
        for block in _broken(part):
            yield Slide(title, _block(block), [part])
        return
    sentences = SENTENCE.split(part.replace("\n", " "))
    if EXERCISE.match(part) or EXERCISE.match(title):
        yield Slide(title, f"<p>{inline(part)}</p>", [part])
        return
    if len(plain(part)) <= PARAGRAPH:
        keys = [" ".join(sentence for sentence in sentences if sentence not in said)]
    else:
        bold = [sentence for sentence in sentences if "**" in sentence]
        keys = [key for key in bold or sentences[: 1 if is_first else 0] if key not in said]
    shown = "".join(f"<p>{inline(key)}</p>" for key in keys if key)
    yield Slide(title, shown, [part])


def _broken(part: str) -> Iterator[str]:
    """A long list on several slides."""
    items = re.split(r"\n(?=[*+-] |\d+\. )", part)
    page: list[str] = []
    for item in items:
        if page and _lines("\n".join([*page, item])) > LINES:
            yield "\n".join(page)
            page = []
        page.append(item)
    yield "\n".join(page)


def _block(part: str) -> str:
    rows = part.count("\n|")
    text = as_html(part)
    return f"<div class='{'dense' if rows > 8 or len(part) > 900 else 'block'}'>{text}</div>"


def _results(code: Code, title: str, caption: str) -> Iterator[Slide]:
    below = f"<p class='caption'>{inline(caption)}</p>" if caption else ""
    pictures = [
        Slide(title, f"<img src='{each.address}' alt='{escaped(each.alt)}'>{below}", [caption], "picture")
        for each in code.pictures
    ]
    text = _printed(code.text)
    kind = "text" if text.count("\n") < SHORT and title != ANSWER else "output"
    after = "" if pictures else below
    slides = [Slide(title, _listing(page) + after, [], kind) for page in _pages(text, CODE_LINES)] + pictures
    if slides and not code.folded:
        pages = _pages(FOR_TOOLS.sub("", code.source), CODE_LINES)
        slides[0].below = [Slide("The code", _listing(page), [], "code") for page in pages]
    yield from slides


def _printed(text: str) -> str:
    """What a cell printed, without the learner's own progress; long sentences are broken, rows are not."""
    rows = STATUS.sub("", text).strip("\n").splitlines()
    broken = [[row] if TABLE.search(row.strip()) else textwrap.wrap(row, ROW) or [""] for row in rows]
    return "\n".join(chain.from_iterable(broken))


def _pages(text: str, lines: int) -> list[str]:
    rows = text.splitlines()
    return ["\n".join(rows[start : start + lines]) for start in range(0, len(rows), lines)]


def _listing(text: str) -> str:
    """Text with its spaces, as large as it fits: a character is about 0.6 of its height wide."""
    rows = text.splitlines() or [""]
    longest = max(map(len, rows))
    size = max(10, min(24, int((WIDTH - 120) / (0.61 * max(longest, 1))), int(500 / (1.32 * len(rows)))))
    return f"<pre style='font-size:{size}px'>{escaped(text)}</pre>"


def _caption(following: str) -> list[str]:
    """As many whole sentences as fit below a picture."""
    if not following or re.match(r"(#|\||[*+-] |\d+\. |<|\$\$|```)", following):
        return []
    taken: list[str] = []
    for sentence in SENTENCE.split(_predict(following)[0].replace("\n", " ")):
        if len(plain(" ".join([*taken, sentence]))) > CAPTION:
            break
        taken.append(sentence)
    return [] if taken and taken[-1].endswith(":") else taken


def _lines(text: str) -> int:
    return sum(1 + len(plain(row)) // COLUMNS for row in text.splitlines())


def _merged(slides: list[Slide]) -> list[Slide]:
    """Text slides of one title put together while they fit; empty ones give their notes to a neighbour."""
    merged: list[Slide] = []
    for slide in slides:
        last = merged[-1] if merged else None
        if slide.kind != "text":
            merged.append(slide)
        elif last is not None and last.title == slide.title and last.kind == "text" and _fits(last, slide):
            last.body += slide.body
            last.notes += slide.notes
            last.below += slide.below
        elif not slide.body and last is not None:
            last.notes += slide.notes
        else:
            merged.append(slide)
    return merged


def _fits(one: Slide, other: Slide) -> bool:
    text = re.sub(r"<(p|li|tr|h\d)\b", "\n<", one.body + other.body)
    rows = [re.sub(r"<[^>]+>", "", row) for row in text.splitlines() if row.strip()]
    formulas = (one.body + other.body).count("$$") // 2 + (one.body + other.body).count("<pre")
    return not other.body or sum(1.4 + len(row) // COLUMNS for row in rows) + 2 * formulas <= LINES
