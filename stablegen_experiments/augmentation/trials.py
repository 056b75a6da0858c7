"""What lesson 10 tries, trial by trial, and what the stored trials say.

``python -m stablegen_experiments.augmentation`` runs them; what they compare stands in `ways.py`.
"""

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from statistics import mean

from stablegen_experiments.augmentation import ways
from stablegen_experiments.augmentation.reasons import reasons
from stablegen_experiments.intervals import PairedDifference, paired_difference
from stablegen_experiments.records import Record
from stablegen_lib import data

RESULTS = data.data_dir() / "experiments" / "augmentation.jsonl"
SIZES = {"labels": (50, 200), "changes": (200,), "gap": (300,), "reasons": (300,), "uncoloured": (100, 400),
         "longer": (100,), "pictures": (100, 400, 1_600, 6_400, 16_000)}  # fmt: skip
STEPS = {"labels": 300, "changes": 800, "gap": 400, "reasons": 400, "pictures": 600, "uncoloured": 600,
         "longer": 2_400}  # fmt: skip
OF_GENERATORS = ("pictures", "uncoloured", "longer")  # judged themselves; elsewhere a classifier is
WITH_AUGMENTED = 400  # DiffAugment is tried with at most so many pictures


@dataclass(frozen=True)
class Trial:
    """One line of results.

    Attributes:
        experiment: One of ``SIZES``.
        size: Labelled examples, or pictures to train on.
        seed: Decides which examples, every start and every batch.
        augmented: Whether the generator is trained with DiffAugment ("pictures" and "longer" only). In
            "uncoloured" it always is, but without changes of colour.

    Raises:
        ValueError: If there is no such experiment, or no examples are asked for.
    """

    experiment: str
    size: int
    seed: int
    augmented: bool = False

    def __post_init__(self) -> None:
        if self.experiment not in SIZES or self.size < 1:
            came = f"{self.experiment!r} of size {self.size}"
            raise ValueError(f"one of {tuple(SIZES)} with at least 1 example was needed; {came} came.")

    @property
    def key(self) -> str:
        """By this a finished trial is found."""
        with_it = " with DiffAugment" if self.augmented else ""
        return f"{self.experiment} {self.size}{with_it}, seed {self.seed}"


def trials(experiments: Iterable[str], seeds: Iterable[int]) -> list[Trial]:
    """All trials of these experiments, seed by seed, so that a stopped run has a little of everything."""
    experiments = tuple(experiments)
    found = []
    for seed in seeds:
        for name in experiments:
            for size in SIZES[name]:
                found.append(Trial(name, size, seed))
                if name in ("pictures", "longer") and size <= WITH_AUGMENTED:
                    found.append(Trial(name, size, seed, augmented=True))
    return found


def run(trial: Trial, steps: int | None = None) -> Record:
    """Does one trial; the result is plain values.

    Args:
        trial: What to do.
        steps: Training steps of the generators ("changes": of the longer runs); ``STEPS`` when left out.
    """
    steps = STEPS[trial.experiment] if steps is None else steps
    began = time.process_time()
    if trial.experiment in OF_GENERATORS:
        recipe = ways.AUGMENTED if trial.augmented else ways.RECIPE
        recipe = ways.UNCOLOURED if trial.experiment == "uncoloured" else recipe
        scores = ways.pictures(trial.size, trial.seed, steps, recipe)
    else:
        compare = {"labels": ways.labels, "changes": ways.changes, "gap": ways.gap, "reasons": reasons}
        scores = compare[trial.experiment](trial.size, trial.seed, steps)
    short = {way: {name: round(value, 4) for name, value in each.items()} for way, each in scores.items()}
    return {"key": trial.key, "trial": asdict(trial), "steps": steps, "scores": short,
            "processor_seconds": round(time.process_time() - began, 1)}  # fmt: skip


def scores(
    records: Iterable[Record], experiment: str, size: int, *, augmented: bool = False
) -> dict[str, dict[str, list[float]]]:
    """Way -> score -> one number per seed, in the order of the seeds."""
    chosen = sorted(
        (record for record in records
         if (record["trial"]["experiment"], record["trial"]["size"], record["trial"]["augmented"])
         == (experiment, size, augmented)),
        key=lambda record: int(record["trial"]["seed"]),
    )  # fmt: skip
    table: dict[str, dict[str, list[float]]] = {}
    for record in chosen:
        for way, each in record["scores"].items():
            for name, value in each.items():
                table.setdefault(way, {}).setdefault(name, []).append(value)
    return table


def gains(
    table: dict[str, dict[str, list[float]]], score: str, over: str = "nothing"
) -> dict[str, PairedDifference]:
    """How much better each other way is than one of them, seed by seed."""
    base = table[over][score]
    return {way: paired_difference(each[score], base) for way, each in table.items() if way != over}


def text_table(table: dict[str, dict[str, list[float]]], score: str, over: str = "nothing") -> str:
    """Mean of one score for each way, and its gain over one of them with the 95 % interval."""
    width = max(map(len, table))
    differences = gains(table, score, over) if len(table[over][score]) > 1 else {}
    lines = [f"{'way':<{width}}  {score:<10}  gain over {over} (95 % interval; seeds better)"]
    for way, each in table.items():
        gain = str(differences[way]) if way in differences else ""
        lines.append(f"{way:<{width}}  {mean(each[score]):<10.3f}  {gain}".rstrip())
    return "\n".join(lines)
