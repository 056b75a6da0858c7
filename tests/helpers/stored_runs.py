"""A stored run of the stability experiments, without training."""

from stablegen_experiments.survival.contestants import CONTESTANTS
from stablegen_experiments.survival.rule import failure
from stablegen_experiments.survival.trials import VERSIONS, outcome


def record(recipe, seed, captured, mass, *, dataset="grid", steps=None):
    """A run as `trials.run` gives it, without training: its scores are the arguments."""
    trial = CONTESTANTS[recipe].trial(dataset, seed, steps)
    scores = {"captured": captured, "modes": 25, "on_mode_mass": mass, "kl": 0.1}
    history = [{"step": trial.steps, **dict.fromkeys(VERSIONS, scores)}]
    made = {"history": history, "stopped": "", "real": scores,
            "trial": {"dataset": dataset, "steps": trial.steps, "recipe": {"name": recipe}}}  # fmt: skip
    ends = {"best": scores, "last": scores}
    return made | {version: {"failure": failure(outcome(made, version)), **ends} for version in VERSIONS}
