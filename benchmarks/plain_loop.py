"""The loop most tutorials show: float32, a DataLoader, one call of D per kind of sample, plain Adam.

Same networks, same batch size, same losses and penalties as ``training.train``: only the way
of computing differs. It stands here so that ``make bench`` can compare the two in one run.
"""

from collections.abc import Iterator

import torch
from torch.optim import Adam
from torch.utils.data import DataLoader, TensorDataset

from stablegen_lib import data, log_loss, stability
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training.recipe import Recipe


def plain_steps(model: StableGen, images: data.ImageSet, recipe: Recipe) -> Iterator[None]:
    """Trains for ever, one step at a time; stop iterating to stop."""
    pixels = data.to_unit_range(images.images)
    loader = DataLoader(
        TensorDataset(images.conditions, pixels), batch_size=recipe.batch_size, shuffle=True, drop_last=True
    )
    rates = recipe.generator_learning_rate, recipe.discriminator_learning_rate
    g_optimizer = Adam(model.generator.parameters(), lr=rates[0], betas=recipe.betas, foreach=False)
    d_optimizer = Adam(model.discriminator.parameters(), lr=rates[1], betas=recipe.betas, foreach=False)
    number = 0
    while True:
        for x, real in loader:
            z = torch.randn(len(x), model.latent_dim)
            fake = model.generator(x, z)
            fake_logits = [model.discriminator(x, fake.detach())]
            if recipe.mismatch:
                fake_logits.append(model.discriminator(x.roll(1, dims=0), real))
            d_loss = log_loss.discriminator_loss(
                real_logits=model.discriminator(x, real), fake_logits=torch.cat(fake_logits)
            )
            if recipe.r1_gamma and number % recipe.penalty_every == 0:
                penalty = stability.r1_penalty(lambda y, x=x: model.discriminator(x, y), real)
                d_loss = d_loss + recipe.r1_gamma * recipe.penalty_every * penalty
            d_optimizer.zero_grad()
            d_loss.backward()
            d_optimizer.step()

            g_loss = log_loss.non_saturating_loss(model.discriminator(x, fake))
            g_optimizer.zero_grad()
            g_loss.backward()
            g_optimizer.step()
            number += 1
            yield
