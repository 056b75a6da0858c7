"""How the files in this folder were made, with version 0.1.0 (commit a152b9f); kept as a record.

Run in a checkout of that commit: PYTHONPATH=.:tests python make.py FOLDER. `test_old_files.py` opens them.
"""

import os
import sys
from pathlib import Path

import folded
import tiny
import torch
from safetensors.torch import save_file

from stablegen_lib import autoencoder, course, data, editing, metrics, training, vae
from stablegen_lib.snapshots import Snapshots
from stablegen_lib.stablegen import StableGen
from stablegen_lib.widgets import LatentExplorer

folder = Path(sys.argv[1])
pictures = tiny.pictures(count=12, size=8)
real = data.to_unit_range(pictures.images)
looks = {}

model = tiny.model(pictures)
state = training.start(model, tiny.recipe(), seed=3)
shots = Snapshots(conditions=pictures.conditions[:2], seed=1)
for step in training.train(model, pictures, steps=3, state=state):
    shots.record(model, step)
model.save(folder / "model")
training.save_state(folder / "state", model, state)
shots.finish(model).save(folder / "film.safetensors")
looks["model"] = model.sample(conditions=pictures.conditions[:3], seed=4)
for _ in training.train(model, pictures, steps=5, state=state):
    pass
looks["state, five steps"] = model.sample(conditions=pictures.conditions[:3], seed=4, averaged=False)

points = tiny.point_model()
points.save(folder / "points")
looks["points"] = points.sample(5, seed=4)

networks = vae.VAE(pictures.condition_names, latent_dim=3, image_size=8, width=2)
networks.save(folder / "vae")
looks["vae"] = networks.sample(conditions=pictures.conditions[:3], seed=4)

with torch.no_grad():
    small = autoencoder.Autoencoder(width=2)
    small.save(folder / "autoencoder.safetensors")
    looks["autoencoder"] = small.decode(small.encode(real[:2])[0])

    torch.manual_seed(0)
    judge = metrics.AttributeClassifier(pictures.condition_names, image_size=8, width=2)
    judge.save(folder / "classifier.safetensors")
    looks["classifier"] = judge.eval()(real)

    encoder = editing.Encoder(condition_size=3, latent_dim=5, image_size=8, width=2, hidden=4)
    encoder.save(folder / "encoder.safetensors")
    looks["encoder"] = encoder.eval()(pictures.conditions, real)

    colourer = editing.Colourer(latent_dim=2, width=1, hidden=4)
    colourer.save(folder / "colourer.safetensors")
    looks["colourer"] = colourer.eval()(torch.zeros(1, 32 * 32), torch.ones(1, 2))

explorer = LatentExplorer(StableGen.load(folder / "model"), sliders=3)
explorer.truncation = 0.5
explorer.move(0, 1.5)
looks["share code"] = explorer.images()
(folder / "share_code.txt").write_text(explorer.code + "\n")

os.environ["STABLEGEN_PROGRESS"] = str(folder)
course.check("01.1", folded.solved("01", "01.1"))
save_file(looks, folder / "looks.safetensors")
