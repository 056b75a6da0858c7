"""Claims about the page to print: it says what is so, a name does nothing on it, and it asks nobody."""

import pytest
from learner import EVERYTHING, OUTSIDE, keep

from stablegen_lib import LESSONS, course
from stablegen_lib.course.remembering import Remembered


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(tmp_path / "home"))
    return tmp_path


def page_of(folder, name="Ada Lovelace") -> str:
    course.certificate(name, folder / "my_certificate.html")
    return (folder / "my_certificate.html").read_text(encoding="utf-8")


def test_a_certificate_before_the_end_says_so_far_with_days_and_what_is_open(folder):
    keep(Remembered(frozenset({"00.1", "00.a"}), {"00.1": "2026-11-02", "00.a": "2026-11-05"}))
    page = page_of(folder)
    assert "<h1>StableGen certificate, so far</h1>" in page
    assert "make pictures, from 2026-11-02 to 2026-11-05" in page
    assert page.count("2026-11-02 to 2026-11-05") == 2
    assert "<td>00.2</td>" in page
    assert "Time measured" not in page


def test_a_certificate_at_the_end_says_finished(folder):
    keep(Remembered(EVERYTHING, {}, {"a": {"00": 7200.0}}, True))
    page = page_of(folder)
    assert "<h1>StableGen certificate</h1>" in page
    assert "has finished the course" in page
    assert "Time measured: 2 h 00 min" in page
    assert page.count("<td>nothing</td>") == len(LESSONS)


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
