"""Records a training run for the Timeline of the demo: ``python data/weights/train/record_run.py``.

The run of lesson 05 (1,200 steps, seed 0); writes faces_run.safetensors.
"""

from pathlib import Path

from tqdm import tqdm

from stablegen_lib import data, training
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training.snapshots import Snapshots

STEPS = 1200


def main() -> None:
    faces = data.load_faces("train")
    model = StableGen.for_images(faces, seed=0)
    snapshots = Snapshots(conditions=data.load_faces("validation").conditions[:16], seed=0)
    for step in tqdm(training.train(model, faces, steps=STEPS, seed=0), total=STEPS):
        snapshots.record(model, step)
    snapshots.finish(model).save(Path(__file__).resolve().parents[1] / "faces_run.safetensors")


if __name__ == "__main__":
    main()
