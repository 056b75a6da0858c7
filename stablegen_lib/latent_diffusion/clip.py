"""A text encoder that learns what words look like: CLIP in miniature, trained before the U-Net, then frozen.

A picture and its caption shall get vectors that point the same way, a picture and a caption that does not fit
shall not. So no word can be ignored: whoever mixes up "happy" and "sad" takes the wrong picture.
"""

import math
from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn

from stablegen_lib.latent_diffusion.caption_bank import CaptionBank
from stablegen_lib.latent_diffusion.components import TEXT_WIDTH
from stablegen_lib.latent_diffusion.learning_rates import one_cycle
from stablegen_lib.plumbing.stopping import require_finite_loss


class Clip(nn.Module):
    """Two networks that map to one space, and how sharply their agreement is read.

    Args:
        text_encoder: `CLIPTextModel`; its vector at the end of the prompt stands for the whole prompt.
        image_size: Side of the pictures, a multiple of 4.
        width: Feature maps of the first layer of the picture's network, a multiple of 8.

    Source:
        Radford et al. 2021, arXiv:2103.00020 (CLIP).
    """

    def __init__(self, text_encoder: Any, *, image_size: int, width: int = 32) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        maps, side = 3, image_size
        while side > 4:
            layers += [nn.Conv2d(maps, width, 4, stride=2, padding=1), nn.GroupNorm(8, width), nn.SiLU()]
            maps, side, width = width, side // 2, min(2 * width, 256)
        self.picture_encoder = nn.Sequential(*layers, nn.Flatten(), nn.Linear(maps * side**2, TEXT_WIDTH))
        self.text_encoder = text_encoder
        self.project = nn.Linear(TEXT_WIDTH, TEXT_WIDTH, bias=False)
        self.log_scale = nn.Parameter(torch.tensor(math.log(10.0)))

    def forward(
        self, images: Float[Tensor, "picture 3 side side"], ids: Int64[Tensor, "text token"]
    ) -> Float[Tensor, "text picture"]:
        """How well each text fits each picture, as logits: in [-100, 100], for pictures in [-1, 1]."""
        pictures = F.normalize(self.picture_encoder(images).float(), dim=1)
        texts = F.normalize(self.project(self.text_encoder(ids).pooler_output).float(), dim=1)
        with torch.autocast(images.device.type, enabled=False):  # 16 bits would confuse near neighbours
            return self.log_scale.exp().clamp(max=100) * texts @ pictures.T


def contrastive_loss(
    logits: Float[Tensor, "text picture"], fits: Bool[Tensor, "text picture"]
) -> Float[Tensor, ""]:
    """Cross-entropy of finding a fitting picture for each text, and a fitting text for each picture (nats).

    CLIP takes one picture for each text as right. Here many pictures fit a short caption, so the right ones
    share the probability. Therefore even perfect logits leave a rest: the logarithm of how many fit.

    Args:
        logits: From `Clip`.
        fits: True where the text is true of the picture; in each row and each column at least once.

    Source:
        Khosla et al. 2020, arXiv:2004.11362: several right answers, with their sum outside the logarithm.
    """
    losses = []
    for scores, right in ((logits, fits), (logits.T, fits.T)):
        target = right / right.sum(dim=1, keepdim=True)
        losses.append(-(target * F.log_softmax(scores, dim=1)).sum(dim=1).mean())
    return torch.stack(losses).mean()


def train_clip(
    clip: Clip,
    bank: CaptionBank,
    images: Float[Tensor, "count 3 side side"],
    *,
    steps: int,
    batch_size: int = 256,
    learning_rate: float | int = 1e-3,
    bfloat16: bool = False,
    seed: int = 0,
) -> Iterator[tuple[float, float]]:
    """Yields, after each step, the loss (nats) and the share of texts whose best picture fits.

    Args:
        clip: Changed in place.
        bank: Captions of the pictures.
        images: In [-1, 1].
        steps: How many; the learning rate rises and falls once.
        batch_size: Pictures that each text must tell apart.
        learning_rate: Of AdamW, at its highest.
        bfloat16: Compute the two networks in 16 bits.
        seed: Decides batches and captions.

    Raises:
        TrainingStopped: If the loss is not finite; that step has not changed the model.
    """
    device = clip.log_scale.device
    images = images.to(device)
    random = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(clip.parameters(), lr=learning_rate)
    rates = one_cycle(optimizer, learning_rate, steps)
    clip.train()
    for number in range(1, steps + 1):
        chosen = torch.randint(len(images), (batch_size,), generator=random)
        ids, mentioned = bank.draw(chosen, random, empty=0)
        fits = bank.fits(chosen, mentioned).to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
            logits = clip(images[chosen.to(device)], ids.to(device))
        loss = contrastive_loss(logits, fits)
        require_finite_loss(number, "CLIP", loss.item())
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        rates.step()
        found = fits.gather(1, logits.argmax(dim=1, keepdim=True)).float().mean()
        yield loss.item(), found.item()
    clip.eval()
