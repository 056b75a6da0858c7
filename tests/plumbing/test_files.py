"""Claims about files that are either whole or not there: killed writers, full disks, foreign files."""

import errno
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from places import ROOT
from safetensors.torch import save_file

from stablegen_lib.plumbing import files as safe_files
from stablegen_lib.plumbing import tensors
from stablegen_lib.plumbing.files import FileProblem, require_writable
from stablegen_lib.plumbing.tensors import read_tensors, write_tensors
from stablegen_lib.stablegen import StableGen

TENSORS = {"weights": torch.arange(6.0).reshape(2, 3), "bytes": torch.tensor([0, 255], dtype=torch.uint8)}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "saved.safetensors"
    write_tensors(path, TENSORS, {"version": "first"})
    return path


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def assert_first_version(path: Path) -> None:
    tensors, description = read_tensors(path)
    assert description == {"version": "first"}
    assert all(torch.equal(tensors[name], TENSORS[name]) for name in TENSORS)


@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_a_description_of_any_content_comes_back(tmp_path_factory, description):
    path = tmp_path_factory.getbasetemp() / "described.safetensors"
    write_tensors(path, TENSORS, description)
    assert read_tensors(path)[1] == description


@pytest.mark.parametrize(
    "tensor",
    [
        torch.zeros(0, 3),
        torch.tensor(2.5),
        torch.arange(6).reshape(2, 3).T,
        torch.randn(2, 3, 4, 4).to(memory_format=torch.channels_last),
        torch.randn(3, dtype=torch.bfloat16),
        torch.randn(3, dtype=torch.float64, requires_grad=True),
        torch.tensor([True, False]),
    ],
    ids=["empty", "number", "transposed", "channels last", "bfloat16", "with gradient", "bool"],
)
def test_every_kind_of_tensor_comes_back_bit_for_bit(tmp_path, tensor):
    path = tmp_path / "tensor.safetensors"
    write_tensors(path, {"it": tensor}, {})
    back = read_tensors(path)[0]["it"]
    assert back.dtype == tensor.dtype
    assert torch.equal(back, tensor)
    assert not back.requires_grad


def test_tensors_that_share_memory_can_be_written(tmp_path):
    tied = torch.arange(4.0)
    write_tensors(tmp_path / "tied.safetensors", {"one": tied, "other": tied, "part": tied[1:]}, {})
    back, _ = read_tensors(tmp_path / "tied.safetensors")
    assert torch.equal(back["one"], back["other"])
    assert torch.equal(back["part"], tied[1:])


def test_tensors_that_were_read_do_not_change_when_the_file_does(saved):
    tensors, _ = read_tensors(saved)
    with saved.open("r+b") as file:
        file.write(b"\xff" * saved.stat().st_size)
    assert torch.equal(tensors["weights"], TENSORS["weights"])


def test_the_file_is_safetensors_and_no_pickle(saved):
    content = saved.read_bytes()
    length = int.from_bytes(content[:8], "little")
    assert json.loads(content[8 : 8 + length])["weights"]["shape"] == [2, 3]
    with pytest.raises(pickle.UnpicklingError):
        pickle.loads(content)


class Marks:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_a_pickle_is_refused_without_running_what_is_in_it(tmp_path):
    path, mark = tmp_path / "stranger.safetensors", tmp_path / "it ran"
    path.write_bytes(pickle.dumps(Marks(mark)))
    with pytest.raises(FileProblem, match="not a whole safetensors file"):
        read_tensors(path)
    assert not mark.exists()
    pickle.loads(path.read_bytes())
    assert mark.exists()  # so the trap works


def test_a_file_cut_anywhere_is_refused_by_name(saved):
    content = saved.read_bytes()
    for length in range(len(content)):
        saved.write_bytes(content[:length])
        with pytest.raises(FileProblem, match=r"saved\.safetensors is not a whole safetensors file"):
            read_tensors(saved)
    saved.write_bytes(content)
    assert_first_version(saved)


def test_a_file_with_something_behind_it_is_refused(saved):
    saved.write_bytes(saved.read_bytes() + b"\0" * 8)
    with pytest.raises(FileProblem):
        read_tensors(saved)


def test_a_missing_file_and_a_folder_are_reported_by_name(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.safetensors does not exist"):
        read_tensors(tmp_path / "nowhere.safetensors")
    with pytest.raises(FileNotFoundError):
        read_tensors(tmp_path)


def test_somebody_elses_safetensors_file_is_refused(tmp_path):
    path = tmp_path / "foreign.safetensors"
    for metadata in (None, {"format": "pt"}):
        save_file(TENSORS, path, metadata)
        with pytest.raises(FileProblem, match="StableGen did not write"):
            read_tensors(path)


@pytest.mark.parametrize("text", ["", "{", "nonsense", "[1, 2]", "null", '"text"', "[" * 100_000])
def test_a_description_that_is_no_json_object_is_refused(tmp_path, text):
    path = tmp_path / "odd.safetensors"
    save_file(TENSORS, path, {"stablegen": text})
    with pytest.raises(FileProblem, match=r"odd\.safetensors: its description is not"):
        read_tensors(path)


@pytest.mark.parametrize(
    "name", ["with space .safetensors", "ünïcode 人.safetensors", "dots...safetensors", "x"]
)
def test_unusual_names_and_missing_folders_work(tmp_path, name):
    path = tmp_path / "new" / "folder " / name
    write_tensors(path, TENSORS, {"version": "first"})
    assert_first_version(path)
    assert names_in(path.parent) == [name]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
def test_others_may_read_the_file_as_they_may_any_new_one(saved):
    plain = saved.with_name("plain")
    plain.touch()
    assert saved.stat().st_mode == plain.stat().st_mode


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_the_earlier_file_and_no_litter(saved, monkeypatch, call):
    monkeypatch.setattr(safe_files.os, call, full)
    with pytest.raises(OSError, match="No space left"):
        write_tensors(saved, TENSORS, {"version": "second"})
    with pytest.raises(OSError, match="No space left"):
        write_tensors(saved.with_name("new.safetensors"), TENSORS, {"version": "second"})
    monkeypatch.undo()
    assert_first_version(saved)
    assert names_in(saved.parent) == [saved.name]
    write_tensors(saved, TENSORS, {"version": "second"})
    assert read_tensors(saved)[1] == {"version": "second"}


def test_an_interrupt_while_writing_leaves_the_earlier_file_and_no_litter(saved, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(safe_files.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_tensors(saved, TENSORS, {"version": "second"})
    assert_first_version(saved)
    assert names_in(saved.parent) == [saved.name]


KILLED_WRITERS = """
import os, resource, signal, sys
from pathlib import Path
import torch
from stablegen_lib.plumbing import files, tensors

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def before_the_rename():
    files.os.replace = die

def before_the_content_is_on_the_disk():
    files.os.fsync = die

def in_the_middle_of_writing():  # the kernel ends the process when its file grows beyond 4096 bytes
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

for trap in (before_the_rename, before_the_content_is_on_the_disk, in_the_middle_of_writing):
    process = os.fork()
    if process == 0:
        trap()
        tensors.write_tensors(Path(sys.argv[1]), {"weights": torch.ones(5000)}, {"version": "second"})
        os._exit(0)
    print(trap.__name__, os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and signals of POSIX")
def test_a_writer_killed_in_mid_write_leaves_the_earlier_file(saved):
    command = [sys.executable, "-c", KILLED_WRITERS, str(saved)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == [
        *("before_the_rename", "-9"),
        *("before_the_content_is_on_the_disk", "-9"),
        *("in_the_middle_of_writing", "-25"),
    ]
    parts = [path for path in saved.parent.iterdir() if path != saved]
    assert sorted(path.stat().st_size > 5000 for path in parts) == [
        False,
        True,
        True,
    ]  # they did get that far
    assert_first_version(saved)
    write_tensors(saved, TENSORS, {"version": "third"})
    assert read_tensors(saved)[1] == {"version": "third"}


def test_asking_whether_a_file_could_be_written_leaves_nothing_and_changes_nothing(saved):
    require_writable(saved)
    require_writable(saved.with_name("new.safetensors"))
    assert names_in(saved.parent) == [saved.name]
    assert_first_version(saved)


def test_a_folder_or_a_place_below_a_file_cannot_be_written(saved):
    with pytest.raises(IsADirectoryError, match="Give the name of a file"):
        require_writable(saved.parent)
    with pytest.raises(OSError, match="saved"):
        require_writable(saved / "below" / "file")


def test_a_folder_that_may_only_be_read_is_found_out_at_once(saved, monkeypatch):
    def refuse(self, *_, **__):
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "touch", refuse)  # administrators may write anywhere, so it is acted
    with pytest.raises(PermissionError, match="Permission denied"):
        require_writable(saved)


def test_whoever_reads_beside_savers_gets_a_whole_file(tmp_path, monkeypatch):
    models = [StableGen.for_points(width=8, seed=seed) for seed in (1, 2)]
    models[0].save(tmp_path / "model")
    read, saves = tensors._tensors, []

    def saved_meanwhile(path):
        if len(saves) < often:
            saves.append(models[1].save(tmp_path / "model"))
        return read(path)

    monkeypatch.setattr(tensors, "_tensors", saved_meanwhile)
    for often in (1, 3):
        saves.clear()
        found = StableGen.load(tmp_path / "model", device="cpu").state_dict()
        assert len(saves) == often
        torch.testing.assert_close(dict(found), dict(models[1].state_dict()))
    saves.clear()
    often = 1_000
    with pytest.raises(FileProblem, match="saved anew while it is being read"):
        StableGen.load(tmp_path / "model", device="cpu")
