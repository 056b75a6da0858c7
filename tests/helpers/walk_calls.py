"""One good call of every public function: the arguments that the walk then spoils, one at a time.

A row makes its arguments anew, since some are changed by the call. ``self`` is the object of a method,
``*`` are arguments without a name.
"""

from walk_course import COURSE
from walk_networks import NETWORKS
from walk_numbers import NUMBERS
from walk_parts import Rows
from walk_pictures import PICTURES
from walk_prompted import PROMPTED
from walk_training import IN_USE

CALLS: Rows = {**PICTURES, **NUMBERS, **NETWORKS, **IN_USE, **PROMPTED, **COURSE}
RECORDS = {  # they hold what the library found
    "article.Claim", "autoencoder.Step", "course.Environment", "data.FolderReport",
    "data.Skipped", "diffusion.Denoised",
    "editing.EditScores", "editing.LineScores", "latent.Effect", "latent.Inversion",
    "metrics.DensityCoverage",
    "metrics.Report", "stability.ModeScores", "training.DiscriminatorTurn", "training.Snapshot",
    "training.Step",
    "training.TrainingState", "vae.Step", "words.vocabulary.Vocabulary",
}  # fmt: skip
ELSEWHERE = {  # attacked by other tests
    "course.check": "any answer is welcome: tests/course, and the nonsense of tests/lessons",
    "course.gap": "any function is welcome: tests/lessons/test_gaps.py",
    "course.gaps": "tests/course/test_bookkeeping.py",
    "course.require": "any answer is welcome: tests/course",
    "course.fills": "a decorator for the authors of gaps, not for readers",
    "course.exercise": "a decorator for the authors of exercises, not for readers",
    "data.load_folder": "any folder is welcome: tests/data/test_folder.py",
    "data.look_at_folder": "any folder is welcome: tests/data/test_looking.py",
    "words.captions.readable": "takes what `phrases.meant` found",
    **dict.fromkeys(
        ("editing.Colourer.load", "editing.Encoder.load", "autoencoder.Autoencoder.load", "vae.VAE.load",
         "metrics.AttributeClassifier.load", "stablegen.StableGen.load", "training.Snapshots.load",
         "training.resume", "latent_diffusion.PromptRun.resume", "latent_diffusion.PromptedGenerator.load",
         "latent_diffusion.load", "latent_diffusion.forget_origin"),
        "opens files: tests/plumbing/test_damage.py",
    ),
}  # fmt: skip
