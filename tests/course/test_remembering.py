"""Claims about what is remembered: nothing gets lost, whoever writes and whatever breaks."""

import json
import subprocess
import sys

import pytest
from learner import keep
from places import ROOT

from stablegen_lib import course
from stablegen_lib.course import remembering
from stablegen_lib.course.remembering import Remembered

ANSWER = """
import sys
from stablegen_lib.course import remembering
for number in range(1, 21):
    remembering.answered(f"0{sys.argv[1]}.{number}", right=True)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(tmp_path / "home"))
    return tmp_path


def stored(folder) -> dict:
    return json.loads((folder / "home" / "progress.json").read_text(encoding="utf-8"))


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


def test_three_kernels_that_meet_a_broken_file_lose_nothing(folder, capsys):
    keep(Remembered(frozenset({"00.1", "02.a", "02.b"}), {"00.1": "2026-11-02"}))
    path = folder / "home" / "progress.json"
    path.write_bytes(path.read_bytes()[:-5])
    kernels = [subprocess.Popen([sys.executable, "-c", ANSWER, str(n)], cwd=ROOT) for n in (3, 4, 5)]
    assert [kernel.wait(timeout=120) for kernel in kernels] == [0, 0, 0]
    assert len(stored(folder)["right"]) == 3 + 3 * 20
    assert [file.name for file in path.parent.glob("*.broken*")] == ["progress.json.broken"]


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
