"""Claims about damaged files: every one is answered in the library's own words, and none is believed."""

import json
import math
import os
import shutil
from collections import Counter
from pathlib import Path

import attack
import pytest
import tiny
import torch
from jaxtyping import TypeCheckError
from places import ROOT
from safetensors.torch import load_file, save_file

from stablegen_lib import autoencoder, editing, metrics, training, vae
from stablegen_lib.plumbing.files import FileProblem
from stablegen_lib.plumbing.sums import read_sums
from stablegen_lib.stablegen import StableGen

WEIGHTS = ROOT / "data" / "weights"
JUDGES = ("faces_classifier", "digits_classifier", "peeps_classifier", "portraits_classifier")
AUTOENCODERS = (
    "faces_autoencoder",
    "faces_autoencoder_plain",
    "portraits_autoencoder",
    "portraits_autoencoder_plain",
)


def deaf_text_encoder(path):
    """It is opened by its place alone: here, the place is another."""
    pytest.importorskip("diffusers", reason="the extra [diffusion] is not installed")
    from stablegen_lib.latent_diffusion import hearing

    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setattr(hearing.data, "data_dir", lambda: path.parent.parent)
        return hearing.deaf_text_encoder()


OPENERS = {
    "deaf_text_encoder": deaf_text_encoder,
    **dict.fromkeys(("faces", "faces_unconditional", "peeps", "portraits"), StableGen.load),
    **dict.fromkeys(JUDGES, metrics.AttributeClassifier.load),
    **dict.fromkeys(AUTOENCODERS, autoencoder.Autoencoder.load),
    "colouring": editing.Colourer.load,
    "faces_encoder": editing.Encoder.load,
    "faces_run": training.Snapshots.load,
    "faces_vae": vae.VAE.load,
}
PICTURES = tiny.pictures(count=12, size=8)
posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs alarms and rights of POSIX")


@pytest.mark.slow
@posix
def test_damaged_files_of_every_kind_are_refused_in_own_words():
    """The short form of ``python tests/helpers/attack.py``."""
    found = [(kind, how, verdict, words) for kind, how, verdict, words in attack.attack(each=25, seed=1)]
    assert [each for each in found if each[2] not in ("own words", "unharmed")] == []
    verdicts = Counter(verdict for _, _, verdict, _ in found)
    assert verdicts["own words"] > 0.9 * len(found)


@posix
def test_the_attack_notices_a_loader_that_believes_everything(tmp_path):
    path, load = attack.made(tmp_path)["VAE"]
    sound = load(path)
    path.write_bytes(path.read_bytes()[:-3])
    assert attack.verdict(path, lambda _: {}, sound)[0] == "accepted and wrong"
    assert attack.verdict(path, lambda path: load_file(path), sound)[0] == "raw"
    assert attack.verdict(path, load, sound)[0] == "own words"


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(WEIGHTS.glob("*.safetensors")), ids=lambda path: path.stem)
def test_a_flipped_bit_in_any_shipped_file_is_noticed(path, tmp_path):
    opener = OPENERS[path.stem]
    assert path.name in read_sums(WEIGHTS)
    copies = tmp_path / "weights"
    copies.mkdir()
    for name in (path.name, f"{path.stem}.json", "SHA256SUMS"):
        if (WEIGHTS / name).exists():
            shutil.copy(WEIGHTS / name, copies)
    content = bytearray(path.read_bytes())
    content[-1001] ^= 4
    opener(copies / path.name)  # as shipped
    (copies / path.name).write_bytes(content)
    with pytest.raises(FileProblem, match=r"was changed after it was saved|do not belong together"):
        opener(copies / path.name)


def test_a_declared_size_is_compared_before_it_takes_memory(tmp_path, monkeypatch):
    path = tiny.model(PICTURES).save(tmp_path / "model")
    content = json.loads(path.read_bytes()[8 : 8 + int.from_bytes(path.read_bytes()[:8], "little")])
    description = json.loads(content["__metadata__"]["stablegen"]) | {"width": 20_000}
    del description["sha256"]
    save_file(load_file(path), path, {"stablegen": json.dumps(description)})
    monkeypatch.setattr(StableGen, "from_blueprint", None)  # nothing is built
    with pytest.raises(FileProblem, match="do not fit this model"):
        StableGen.load(path, device="cpu")


@pytest.mark.parametrize("name", ["", " ", ".", "..", None, 3, "a\0b", ".safetensors"])
def test_a_name_that_is_none_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    judge = metrics.AttributeClassifier(["a=b"], image_size=8, width=2)
    with pytest.raises((ValueError, TypeError)):
        judge.save(name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("dtype", ["int8", "bool", "float64", None])
def test_weights_are_saved_in_no_other_precision(tmp_path, dtype):
    path = tiny.model(PICTURES).save(tmp_path / "good")
    before = path.read_bytes()
    with pytest.raises((ValueError, TypeCheckError)):
        tiny.model(PICTURES).save(path, dtype=dtype)
    assert path.read_bytes() == before


@pytest.mark.parametrize("place", ["description", "header"])
def test_a_number_of_5000_digits_is_refused(tmp_path, place):
    path = tiny.model(PICTURES).save(tmp_path / "model")
    many = f'{{"latent_dim":{"9" * 5_000}}}'
    if place == "description":
        save_file(load_file(path), path, {"stablegen": many})
    else:
        path.write_bytes(len(many).to_bytes(8, "little") + many.encode())
    with pytest.raises(FileProblem, match=r"model\.safetensors"):
        StableGen.load(path, device="cpu")


@pytest.mark.parametrize(("dtype", "value", "words"), [
    ("float32", math.nan, "not finite"), ("float16", -math.inf, "not finite"),
    ("float16", 1e6, "too large for float16"),
])  # fmt: skip
def test_weights_that_are_no_numbers_are_not_saved_over_good_ones(tmp_path, dtype, value, words):
    for network in (tiny.model(PICTURES), vae.VAE(["a"], image_size=8, width=2)):
        path = network.save(tmp_path / "good")
        before = path.read_bytes()
        with torch.no_grad():
            next(network.averaged_generator.parameters()).view(-1)[0] = value
        with pytest.raises(ValueError, match=words):
            network.save(path, dtype=dtype)
        assert path.read_bytes() == before


def test_a_folder_in_place_of_a_file_is_named(tmp_path):
    (tmp_path / "model.safetensors").mkdir()
    with pytest.raises(FileNotFoundError, match=r"model\.safetensors is a folder"):
        StableGen.load(tmp_path / "model", device="cpu")
    with pytest.raises(OSError, match=r"Nothing was saved.*model\.safetensors"):
        tiny.model(PICTURES).save(tmp_path / "model")


def test_an_unreadable_file_is_told_apart_from_a_damaged_one(tmp_path, monkeypatch):
    path = tiny.model(PICTURES).save(tmp_path / "model")

    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(FileProblem, match=r"cannot be read \(Permission denied\)"):
        StableGen.load(path, device="cpu")
