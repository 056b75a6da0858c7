"""Claims about moving to another computer: nothing gets lost, twice is once, and damage is refused."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from learner import EVERYTHING, keep

from stablegen_lib import course
from stablegen_lib.course import remembering
from stablegen_lib.course.remembering import Remembered
from stablegen_lib.plumbing.files import FileProblem


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(tmp_path / "home"))
    return tmp_path


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
