"""Claims about what is remembered: nothing gets lost, whoever writes, wherever it moves, whatever breaks."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import NOTEBOOKS, ROOT

from stablegen_lib import course
from stablegen_lib.course import mapping, remembering
from stablegen_lib.course.remembering import Remembered
from stablegen_lib.plumbing.files import FileProblem

EVERYTHING = frozenset(
    item.number for lesson in mapping.lessons(Remembered()) for item in (*lesson.gaps, *lesson.exercises)
)
OUTSIDE = re.compile(r"""(?:src|href|action)\s*=\s*["']?\s*(?:https?:)?//|@import|url\(|<script|<iframe""")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(tmp_path / "home"))
    return tmp_path


def keep(state: Remembered) -> None:
    remembering.change(lambda _: state)


def stored(folder) -> dict:
    return json.loads((folder / "home" / "progress.json").read_text(encoding="utf-8"))


# --- what breaks, and what is old or new ----------------------------------------------------------


def test_a_file_of_an_older_version_is_read_and_gets_days_from_now_on(folder):
    (folder / "home").mkdir()
    (folder / "home" / "progress.json").write_text('{"right": ["00.1"]}', encoding="utf-8")
    assert remembering.read() == Remembered(frozenset({"00.1"}))
    remembering.answered("01.a", right=True)
    assert stored(folder)["right"] == ["00.1", "01.a"]
    assert list(stored(folder)["days"]) == ["01.a"]


def test_what_a_newer_version_wrote_is_kept(folder):
    (folder / "home").mkdir()
    newer = {"right": ["00.1", "15.z", "quest 3"], "stars": {"00.1": 2}}
    (folder / "home" / "progress.json").write_text(json.dumps(newer), encoding="utf-8")
    remembering.answered("00.2", right=True)
    assert stored(folder)["stars"] == {"00.1": 2}
    assert {"15.z", "quest 3"} < set(stored(folder)["right"])


def test_of_a_file_that_was_cut_all_answers_before_the_cut_are_rescued(folder, capsys):
    keep(Remembered(frozenset({"00.1", "02.a", "02.b"}), {"02.a": "2026-11-02", "02.b": "2026-11-03"}))
    path = folder / "home" / "progress.json"
    path.write_bytes(path.read_bytes()[:-20])
    remembering.answered("00.2", right=True)
    assert stored(folder)["right"] == ["00.1", "00.2", "02.a", "02.b"]
    assert stored(folder)["days"]["02.a"] == "2026-11-02"
    assert "is now progress.json.broken; 3 answers could be read from it." in capsys.readouterr().out
    assert path.with_name("progress.json.broken").exists()


@pytest.mark.parametrize(
    "more",
    [{"days": {"00.1": "yesterday"}}, {"days": []}, {"time": 3}, {"time": {"seconds": {"a": {"00": "x"}}}},
     {"time": {"last": float("nan")}}, {"time": {"seconds": {"a": {"00": -1}}}}],
)  # fmt: skip
def test_a_file_with_one_broken_part_keeps_its_answers(folder, capsys, more):
    (folder / "home").mkdir()
    (folder / "home" / "progress.json").write_text(json.dumps({"right": ["00.1"], **more}), encoding="utf-8")
    assert remembering.read().right == {"00.1"}
    assert "was damaged" in capsys.readouterr().out
    assert remembering.read().right == {"00.1"}
    assert capsys.readouterr().out == "", "mended, and said once"


def test_a_file_that_cannot_be_read_is_not_written_over(folder, capsys, monkeypatch):
    keep(Remembered(frozenset({"00.1"})))

    def refuse(_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(type(folder), "read_bytes", refuse)
        remembering.answered("00.2", right=True)
    assert "could not be saved" in capsys.readouterr().out
    assert stored(folder)["right"] == ["00.1"]


# --- time ------------------------------------------------------------------------------------------


def test_no_time_is_kept_unless_the_learner_asks(folder):
    remembering.answered("00.1", right=True)
    assert set(stored(folder)) == {"right", "days"}


def test_time_runs_from_answer_to_answer_without_long_pauses_and_can_be_stopped(folder, capsys, monkeypatch):
    now = [1e9]
    monkeypatch.setattr(remembering.time, "time", lambda: now[0])
    course.progress(time=True)
    assert "Pauses above 10 minutes are left out" in capsys.readouterr().out
    for seconds, number in ((300, "00.1"), (240, "01.a"), (601, "01.b"), (-50, "01.1"), (3400, "02.a")):
        now[0] += seconds
        remembering.answered(number, right=False)
    state = remembering.read()
    assert [state.spent(lesson) for lesson in ("00", "01", "02")] == [300, 240, 0]
    course.progress()
    assert ", 5 min" in capsys.readouterr().out.splitlines()[0]
    course.progress(time=False)
    now[0] += 60
    remembering.answered("02.a", right=True)
    assert remembering.read().spent("02") == 0
    assert " min" not in capsys.readouterr().out.splitlines()[1]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.0, "0 min"), (89.0, "1 min"), (3599.0, "1 h 00 min"), (3900.0, "1 h 05 min")]
)
def test_durations_in_words(seconds, words):
    assert mapping.duration(seconds) == words


# --- moving ----------------------------------------------------------------------------------------

numbers = st.sampled_from(sorted(EVERYTHING)[:6])
states = st.builds(
    lambda days, unknown, seconds: Remembered(frozenset(days) | unknown, days, seconds),
    st.dictionaries(numbers, st.dates().map(str), max_size=4),
    st.frozensets(numbers, max_size=3),
    st.dictionaries(
        st.sampled_from("AB"), st.dictionaries(st.sampled_from(["00", "01"]), st.floats(0, 1e6)), max_size=2
    ),
)


@given(states, states)
def test_merging_loses_nothing_in_either_order_and_twice_is_once(one, other):
    both = one.merged(other)
    assert both == other.merged(one) == both.merged(other) == both.merged(one)
    assert both.right == one.right | other.right
    for lesson in ("00", "01"):
        assert both.spent(lesson) >= max(one.spent(lesson), other.spent(lesson))


@given(states)
def test_what_is_written_is_read_again(state):
    assert remembering.from_json(json.loads(remembering.as_json(state))) == replace(state, timed=False)


def test_progress_moves_and_adds_to_what_is_there(folder, capsys, monkeypatch):
    seconds = {"old": {"00": 60.0}}
    keep(Remembered(frozenset({"00.1", "02.a"}), {"02.a": "2026-11-02"}, seconds, True, "old", 5.0))
    course.export_progress(folder / "my_progress.json")
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(folder / "new"))
    keep(Remembered(frozenset({"02.a", "03.1"}), {"02.a": "2026-11-20", "03.1": "2026-11-21"}))
    for new in (1, 0):
        course.import_progress(str(folder / "my_progress.json"))
        assert f"2, of them new here: {new}." in capsys.readouterr().out
        state = remembering.read()
        assert state.right == {"00.1", "02.a", "03.1"}
        assert state.days == {"02.a": "2026-11-02", "03.1": "2026-11-21"}
        assert state.spent("00") == 60
        assert (state.timed, state.computer) == (False, ""), "choices stay with their computer"


def test_the_progress_file_of_an_older_copy_of_the_course_can_be_imported(folder):
    (folder / "old.json").write_text('{"right": ["00.1"]}', encoding="utf-8")
    course.import_progress(folder / "old.json")
    assert remembering.read().right == {"00.1"}


def test_an_export_put_in_the_place_of_the_progress_works_and_can_be_exported_again(folder):
    keep(Remembered(frozenset({"00.1"})))
    course.export_progress(folder / "a.json")
    (folder / "a.json").replace(folder / "home" / "progress.json")
    remembering.answered("00.2", right=True)
    course.import_progress(folder / "home" / "progress.json")
    course.export_progress(folder / "a.json")
    course.export_progress(folder / "a.json")
    course.import_progress(folder / "a.json")
    assert remembering.read().right == {"00.1", "00.2"}


def test_an_export_damaged_anywhere_is_refused_and_changes_nothing(folder):
    keep(Remembered(frozenset({"00.1", "02.a"}), {"02.a": "2026-11-02"}))
    course.export_progress(folder / "a.json")
    whole, before = (folder / "a.json").read_bytes(), remembering.read()
    for place in range(0, len(whole) - 1, 3):
        for broken in (whole[:place], whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]):
            (folder / "a.json").write_bytes(broken)
            with pytest.raises(FileProblem, match=r"a\.json"):
                course.import_progress(folder / "a.json")
    assert remembering.read() == before


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"3", b"null", b"{}", b"\xff\xfe", b'{"right": ["left"]}', b'{"right": {"00.1": 1}}',
     b'{"cells": [], "nbformat": 4}', b"[" * 100_000, b'{"right": ["00.1"], "days": {"x": "2026-11-02"}}',
     b'{"course": "StableGen", "right": ["00.1"]}'],
)  # fmt: skip
def test_a_foreign_file_is_refused_by_name(folder, content):
    (folder / "foreign.json").write_bytes(content)
    with pytest.raises(FileProblem, match=r"foreign\.json"):
        course.import_progress(folder / "foreign.json")
    assert remembering.read() == Remembered()


def test_what_is_no_file_or_too_large_is_refused(folder):
    for path in (folder / "nowhere.json", folder, "x" * 5_000):
        with pytest.raises(FileProblem, match="there is no file"):
            course.import_progress(path)
    (folder / "large.json").write_bytes(b'{"right": []}' + b" " * 10_000_001)
    with pytest.raises(FileProblem, match="holds no progress"):
        course.import_progress(folder / "large.json")


@pytest.mark.parametrize("write", [course.export_progress, lambda path: course.certificate("Ada", path)])
def test_a_lesson_or_any_other_file_is_never_written_over(folder, write):
    keep(Remembered(frozenset({"00.1"})))
    for name in ("lesson.ipynb", "other.json", "other.html"):
        (folder / name).write_text("{}", encoding="utf-8")
        with pytest.raises(ValueError, match=r"was needed|holds something else"):
            write(folder / name)
        assert (folder / name).read_text(encoding="utf-8") == "{}"
    (folder / "folder.json").mkdir()
    (folder / "folder.html").mkdir()
    for name in ("folder.json", "folder.html"):
        with pytest.raises(ValueError, match=r"was needed|holds something else"):
            write(folder / name)


# --- the map ---------------------------------------------------------------------------------------


def test_the_map_names_every_lesson_with_a_link_that_is_there(monkeypatch):
    monkeypatch.chdir(NOTEBOOKS)
    page = mapping.as_html(mapping.lessons(Remembered()), timed=False)
    links = re.findall(r'href="([^"]+)"', page)
    assert set(links) == {path.name for path in NOTEBOOKS.glob("[0-9]*.ipynb")}
    assert page.count('<th scope="row"') == 15
    assert not OUTSIDE.search(page)
    assert "color" not in page, "any theme will do"
    monkeypatch.chdir(ROOT)
    assert 'href="notebooks/04_log_loss.ipynb"' in mapping.as_html(mapping.lessons(Remembered()), timed=False)


@pytest.mark.parametrize(
    ("right", "words"),
    [
        (set(), "Next: lesson 00 Start here."),
        ({"00.1"}, "Next: gap 00.a, random numbers for several faces, in lesson 00 Start here."),
        (
            {"00.a", "00.1"},
            "Next: exercise 00.2, a crowd with hats and dark glasses, in lesson 00",
        ),
        ({"00.a", "00.1", "00.2"}, "Next: lesson 01 Data."),
        ({n for n in EVERYTHING if n[:2] == "13"}, "Next: lesson 14 The article checked."),
        (EVERYTHING - {"03.2"}, "Next: exercise 03.2, "),
        (EVERYTHING, 'Everything is done. course.certificate("your name") writes a page to print.'),
    ],
)
def test_the_map_says_what_comes_next(right, words):
    course = mapping.lessons(Remembered(frozenset(right)))
    assert mapping.as_text(course, timed=False).splitlines()[-1].startswith(words)
    assert course[0].state == ("done" if len(right) > 2 and "00.2" in right else
                               "begun" if right & {"00.1"} else "not begun")  # fmt: skip


def test_a_notebook_gets_the_table_and_the_text(monkeypatch):
    shown = []

    class Shell:
        class display_pub:
            publish = shown.append

    monkeypatch.setattr("stablegen_lib.course.bookkeeping.running_shell", Shell)
    course.progress()
    assert set(shown[0]) == {"text/html", "text/plain"}
    assert shown[0]["text/html"].startswith("<table>")


# --- the certificate -------------------------------------------------------------------------------


def page_of(folder, name="Ada Lovelace") -> str:
    course.certificate(name, folder / "my_certificate.html")
    return (folder / "my_certificate.html").read_text(encoding="utf-8")


def test_a_certificate_before_the_end_says_so_far_with_days_and_what_is_open(folder):
    keep(Remembered(frozenset({"00.1", "00.a"}), {"00.1": "2026-11-02", "00.a": "2026-11-05"}))
    page = page_of(folder)
    assert "<h1>StableGen certificate, so far</h1>" in page
    assert "make pictures from 2026-11-02 to 2026-11-05" in page
    assert page.count("2026-11-02 to 2026-11-05") == 2
    assert "<td>00.2</td>" in page
    assert "Time measured" not in page


def test_a_certificate_at_the_end_says_finished(folder):
    keep(Remembered(EVERYTHING, {}, {"a": {"00": 7200.0}}, True))
    page = page_of(folder)
    assert "<h1>StableGen certificate</h1>" in page
    assert "has finished the course" in page
    assert "Time measured: 2 h 00 min" in page
    assert page.count("<td>nothing</td>") == 15


def test_a_certificate_of_nothing_is_refused(folder):
    with pytest.raises(ValueError, match="nothing is done yet"):
        page_of(folder)
    assert not (folder / "my_certificate.html").exists()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ('"><img src=//x.org/a>', "&quot;&gt;&lt;img src=//x.org/a&gt;"),
        ("  Ada\n Lovelace\x00 ", "Ada Lovelace"),
        ("\ud800 Ada", "Ada"),
        ("李小龍", "李小龍"),
        ("می‌خواهم", "می‌خواهم"),
    ],
)
def test_a_name_stands_there_as_it_was_given_and_does_nothing(folder, name, shown):
    keep(Remembered(frozenset({"00.1"})))
    page = page_of(folder, name)
    assert f"<bdi>{shown}</bdi>" in page
    assert not OUTSIDE.search(page.replace(shown, ""))
    assert page.lower().count("<script") == 0


@pytest.mark.parametrize("name", ["", " \n", "\ud800", "x" * 101])
def test_what_is_no_name_is_refused(folder, name):
    keep(Remembered(frozenset({"00.1"})))
    with pytest.raises(ValueError, match="your name was needed"):
        page_of(folder, name)
