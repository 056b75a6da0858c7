"""A page to print that says what a learner has done, and what is open."""

import html
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from stablegen_lib.course import mapping, remembering
from stablegen_lib.course.mapping import Lesson
from stablegen_lib.course.moving import require_free
from stablegen_lib.course.remembering import Remembered
from stablegen_lib.plumbing.files import write_atomically

_LONGEST = 100  # characters of a name
_START = "<!doctype html>\n<!-- StableGen certificate -->\n"
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 Georgia, serif; max-width: 46em; margin: 3em auto; padding: 0 1em; }
h1 { font-size: 1.9em; margin: 0; } .name { font-size: 1.6em; margin: 1em 0 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: 0.85em; margin: 1.5em 0; }
th, td { text-align: left; vertical-align: top; padding: 0.15em 0.8em 0.15em 0; }
th, td { border-bottom: 1px solid gray; }
.small { font-size: 0.85em; }
@page { margin: 15mm; }
@media print { :root { color-scheme: light; } body { margin: 0; max-width: none; font-size: 12px; } }
"""


def certificate(name: str, path: str | Path = "my_certificate.html") -> None:
    """Writes a page to print: what is done, on which days, and what is open.

    Before everything is done it says "so far". It stays on this computer.

    Args:
        name: Whose it is, at most 100 characters.
        path: Where to; its name ends in ".html". An earlier certificate there is replaced, nothing else is.

    Raises:
        ValueError: If nothing is done yet, or the name or the path cannot be.
        OSError: If the page cannot be written.
    """
    if not isinstance(name, str) or not (shown := _readable(name)) or len(shown) > _LONGEST:
        raise ValueError(f"your name was needed, up to {_LONGEST} characters, and {name!r:.80} came.")
    target = require_free(path, ".html", _START.encode())
    state = remembering.read()
    course = mapping.lessons(state)
    if not any(lesson.right for lesson in course):
        raise ValueError("nothing is done yet, so there is nothing to certify: solve an exercise first.")
    write_atomically(target, _page(shown, course, state).encode("utf-8"))
    print(f"{target} is written. Open it in a browser tab of its own, and print it from there.")


def _readable(name: str) -> str:
    """Without control characters and halves of characters, and on one line."""
    kept = (" " if unicodedata.category(one) in ("Cc", "Cs") else one for one in name)
    return " ".join("".join(kept).split())


def _page(name: str, course: Sequence[Lesson], state: Remembered) -> str:
    finished = not any(lesson.open for lesson in course)
    title = "StableGen certificate" if finished else "StableGen certificate, so far"
    verb = "has finished" if finished else "has worked on"
    days = [state.days[number] for lesson in course for number in lesson.right if number in state.days]
    when = f", {_in_words(days)}" if days else ""
    spent = sum((lesson.seconds for lesson in course), 0.0)
    time = f" Time measured: {mapping.duration(spent)}." if state.timed and spent else ""
    rows = "\n".join(_row(lesson, state) for lesson in course)
    return f"""{_START}<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{title}</h1>
<p class="name"><bdi>{html.escape(name)}</bdi></p>
<p>{verb} the course StableGen, how machines learn to make pictures{when}.
{mapping.summary(course)}.{time}</p>
<table>
<thead><tr><th scope="col">Lesson</th><th scope="col">Exercises</th><th scope="col">Gaps</th>
<th scope="col">Days</th><th scope="col">Open</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
<p class="small">Written on {date.today().isoformat()} by the course itself, on the learner's own computer,
from the answers that its checks found right. Nothing was sent anywhere, and nobody watched.</p>
</body>
</html>
"""


def _row(lesson: Lesson, state: Remembered) -> str:
    known = [state.days[number] for number in lesson.right if number in state.days]
    days = _between(known) if known else ("not known" if lesson.right else "–")
    still = ", ".join(item.number for item in lesson.open) if lesson.right else "all"
    cells = (
        f"{lesson.done(lesson.exercises)} of {len(lesson.exercises)}",
        f"{lesson.done(lesson.gaps)} of {len(lesson.gaps)}" if lesson.gaps else "none",
        days,
        still or "nothing",
    )
    row = "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{html.escape(f"{lesson.number} {lesson.title}")}</th>{row}</tr>'


def _in_words(days: Sequence[str]) -> str:
    return f"{'from' if min(days) < max(days) else 'on'} {_between(days)}"


def _between(days: Sequence[str]) -> str:
    first, last = min(days), max(days)
    return first if first == last else f"{first} to {last}"
