"""Damages files of every kind and counts what opening them does.

Command: python tests/helpers/attack.py --each 120
"""

import argparse
import json
import random
import resource
import signal
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import tiny
import torch
from safetensors.torch import load_file, save_file

from stablegen_experiments import records
from stablegen_lib import autoencoder, editing, metrics, training, vae
from stablegen_lib.stablegen import StableGen

Load = Callable[[Path], dict[str, torch.Tensor]]
SECONDS, MEGABYTES = 5, 200  # more is a hang, or memory that the file has no right to
VERDICTS = ("own words", "unharmed", "raw", "accepted and wrong", "memory", "hang")
PICTURES = tiny.pictures(count=12, size=8)
ODD = (-5, 0, 1.5, 10**9, 2_000, 10**400, "3", True, None, [], {}, [1], "NaN")


class TooLong(BaseException):
    """The alarm went off."""


def of_network(network: type) -> Load:
    return lambda path: network.load(path).weights().state_dict()


def of_state(path: Path) -> dict[str, torch.Tensor]:
    model, state = training.resume(path, device="cpu")
    kept = {f"m.{name}": tensor for name, tensor in training.state.moments(state.generator_optimizer).items()}
    return {
        **model.state_dict(),
        **kept,
        "number": torch.tensor(state.number),
        "random": state.random.get_state(),
    }


def of_film(path: Path) -> dict[str, torch.Tensor]:
    film = training.Snapshots.load(path)
    shots = {f"{shot.number}": shot.images for shot in film.snapshots}
    return {**shots, "losses": torch.tensor(film.losses), "conditions": film.conditions}


def made(folder: Path) -> dict[str, tuple[Path, Load]]:
    """One sound file of every kind that the library writes, and what opens it."""
    model = tiny.model(PICTURES)
    film = training.Snapshots(conditions=PICTURES.conditions[:2])
    for step in training.train(model, PICTURES, steps=2, recipe=tiny.recipe(), save_to=folder / "state"):
        film.record(model, step)
    film.save(folder / "film.safetensors")
    names = PICTURES.condition_names
    networks = {
        "VAE": vae.VAE(names, latent_dim=3, image_size=8, width=2),
        "autoencoder": autoencoder.Autoencoder(width=2),
        "classifier": metrics.AttributeClassifier(names, image_size=8, width=2),
        "encoder": editing.Encoder(condition_size=3, latent_dim=5, image_size=8, width=2, hidden=4),
        "colourer": editing.Colourer(latent_dim=2, width=1, hidden=4),
    }
    weights = {name: (it.save(folder / name), of_network(type(it))) for name, it in networks.items()}
    model_file = model.save(folder / "model")
    return {
        "model": (model_file, lambda path: StableGen.load(path, device="cpu").state_dict()),
        **weights,
        "state": (folder / "state.safetensors", of_state),
        "film": (folder / "film.safetensors", of_film),
    }


def flipped(content: bytes, chance: random.Random) -> bytes:
    """One bit, half of the time in the header, where the names and sizes are."""
    header = 8 + int.from_bytes(content[:8], "little")
    place = chance.randrange(header if chance.random() < 0.5 else len(content))
    changed = bytearray(content)
    changed[place] ^= 1 << chance.randrange(8)
    return bytes(changed)


def rewritten(path: Path, chance: random.Random) -> None:
    """As another program would write it: no checksum, and something else in tensors or description."""
    content = path.read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    description = json.loads(header["__metadata__"]["stablegen"])
    del description["sha256"]
    tensors = load_file(path)
    chance.choice((change_tensors, change_description))(tensors, description, chance)
    save_file(tensors, path, {"stablegen": json.dumps(description)})


def change_tensors(tensors: dict[str, torch.Tensor], description: dict, chance: random.Random) -> None:
    name = chance.choice(sorted(tensors))
    tensor = tensors.pop(name)
    kind = chance.choice(("gone", "extra", "shape", "bytes", "bool", "NaN", "infinity", "other name"))
    if kind == "extra":
        tensors |= {name: tensor, "extra": torch.zeros(1 + chance.randrange(1_000_000))}
    elif kind == "shape":
        tensors[name] = torch.zeros(*tensor.shape, 2, dtype=tensor.dtype)
    elif kind in ("bytes", "bool"):
        tensors[name] = tensor.to(torch.int8 if kind == "bytes" else torch.bool)
    elif kind in ("NaN", "infinity") and tensor.is_floating_point() and tensor.numel():
        tensors[name] = torch.full_like(tensor, float("nan" if kind == "NaN" else "inf"))
    elif kind != "gone":
        tensors[f"{name}."] = tensor


def change_description(tensors: dict[str, torch.Tensor], description: dict, chance: random.Random) -> None:
    """A field gone, odd, or one too many, also one level deeper: recipe and blueprint of a state."""
    inner = [value for value in description.values() if isinstance(value, dict)]
    place = chance.choice([description, *inner])
    name, kind = chance.choice(sorted(place)), chance.choice(("gone", "odd", "odd", "odd", "extra"))
    if kind == "extra":
        place["extra"] = chance.choice(ODD)
    elif kind == "gone":
        del place[name]
    else:
        old = place[name]
        place[name] = chance.choice([value for value in ODD if value != old or type(value) is not type(old)])


def nested(path: Path, chance: random.Random) -> None:
    deep = chance.choice(("[", '{"a":')) * chance.randrange(1, 200_000)
    if len(deep) % 10 < 3:
        digits = 4_301 + len(deep) % 5_000  # Python reads 4,300 at most
        deep = f'{{"latent_dim":{"9" * digits}}}'
    if chance.random() < 0.5:
        save_file(load_file(path), path, {"stablegen": deep})
    else:
        path.write_bytes(len(deep).to_bytes(8, "little") + deep.encode())


def damage(path: Path, chance: random.Random) -> str:
    """Changes the file in one way; says in which."""
    content, kind = (
        path.read_bytes(),
        chance.choice(("bit", "bit", "cut", "longer", "length", *3 * ("rewritten",), "nested")),
    )
    if kind == "bit":
        path.write_bytes(flipped(content, chance))
    elif kind == "cut":
        path.write_bytes(content[: chance.randrange(len(content))])
    elif kind == "longer":
        path.write_bytes(content + bytes(chance.randrange(1, 100)))
    elif kind == "length":
        path.write_bytes(chance.randrange(2**63).to_bytes(8, "little") + content[8:])
    else:
        (rewritten if kind == "rewritten" else nested)(path, chance)
    return kind


def verdict(path: Path, load: Load, sound: dict[str, torch.Tensor]) -> tuple[str, str]:
    """What opening the file does, and the first words that it says."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    try:
        signal.alarm(SECONDS)
        got = load(path)
        fine = tiny.equal({k: v.float() for k, v in got.items()}, {k: v.float() for k, v in sound.items()})
        found, words = ("unharmed" if fine else "accepted and wrong"), ""
    except TooLong:
        found, words = "hang", ""
    except (ValueError, FileNotFoundError) as error:
        found, words = ("own words" if path.name in str(error) else "raw"), str(error)
    except Exception as error:
        found, words = "raw", repr(error)
    finally:
        signal.alarm(0)
    if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before > MEGABYTES * 1024:
        found = "memory"
    return ("hang" if time.perf_counter() - began > SECONDS else found), words


def alarm(*_: object) -> None:
    raise TooLong


def attack(each: int, seed: int = 0) -> Iterator[tuple[str, str, str, str]]:
    """Yields kind of file, kind of damage, verdict and words for so many damaged files of each kind."""
    chance = random.Random(seed)
    signal.signal(signal.SIGALRM, alarm)
    with tempfile.TemporaryDirectory(prefix="attack-") as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for kind, (path, load) in made(Path(name)).items():
            content, sound = path.read_bytes(), load(path)
            for _ in range(each):
                path.write_bytes(content)
                how = damage(path, chance)
                yield kind, how, *verdict(path, load, sound)
        yield from attack_records(Path(name) / "records.jsonl", each, chance)


def attack_records(path: Path, each: int, chance: random.Random) -> Iterator[tuple[str, str, str, str]]:
    """A record may be lost only with a warning that names its line."""
    rows = [{"key": f"{number}", "score": number / 7, "name": "ü"} for number in range(9)]
    for row in rows:
        records.append(path, row)
    content = path.read_bytes()
    for _ in range(each):
        changed = bytearray(content)
        if cut := chance.random() < 0.3:
            del changed[chance.randrange(len(changed)) :]
        else:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        yield "records", "cut" if cut else "bit", *_verdict_of_records(path, rows, changed.count(b"\n"))


def _verdict_of_records(path: Path, rows: list[dict], lines: int) -> tuple[str, str]:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            found = records.read_records(path)
        except ValueError as error:
            return ("own words" if path.name in str(error) else "raw"), str(error)
        except Exception as error:
            return "raw", repr(error)
    if told:
        return "own words", str(told[0].message)
    whole = [row for row in found if row in rows]
    return ("unharmed" if len(whole) == len(found) and lines <= len(found) else "accepted and wrong"), repr(
        found
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--each", type=int, default=120, help="damaged files of each kind")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    counts: dict[str, Counter[str]] = {}
    for kind, how, found, words in attack(options.each, options.seed):
        counts.setdefault(kind, Counter())[found] += 1
        if found not in ("own words", "unharmed"):
            print(f"{kind}, {how}: {found}: {words[:150]}")
    print("| file | " + " | ".join(VERDICTS) + " |\n|---" * 1 + "|---" * len(VERDICTS) + "|")
    for kind, found in [*counts.items(), ("all", sum(counts.values(), Counter()))]:
        print(f"| {kind} | " + " | ".join(str(found[name]) for name in VERDICTS) + " |")


if __name__ == "__main__":
    main()
