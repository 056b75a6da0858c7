"""Which model a share code belongs to: eight letters that follow the weights."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor


class Fingerprint:
    """Equal for equal weights, attributes and directions of your own, on any machine.

    A model that trains gets another one with every step. Looking whether something has changed costs
    next to nothing: torch counts the changes of a tensor, and only after one are the weights read.

    Args:
        model: Has condition_names; weights are looked for in its ``averaged_generator``.
        own: Directions of your own by name.
    """

    def __init__(self, model: Any, own: Mapping[str, Tensor]) -> None:
        self._model, self._own = model, own
        self._seen: object = None
        self._text = ""
        self._held: list[Tensor] = []

    def of(self, picture: Callable[[], Tensor]) -> str:
        """The letters for the model as it is now.

        Args:
            picture: Draws one; only asked where there are no weights to look at, then each time.
        """
        now = self.weights_now()
        if now is None or now != self._seen:
            self._seen, self._text = now, self._read(picture)
        return self._text

    def weights_now(self) -> object:
        """Compares equal as long as nobody has changed a weight; None if the model shows none."""
        weights = self._weights()
        self._held = list(weights.values())  # no other tensor gets the place of one of these
        return [(name, one.data_ptr(), one._version) for name, one in weights.items()] or None

    def _weights(self) -> dict[str, Tensor]:
        network = getattr(self._model, "averaged_generator", None)
        return {} if network is None else network.state_dict()

    def _read(self, picture: Callable[[], Tensor]) -> str:
        digest = hashlib.sha256(repr((self._model.condition_names, list(self._own))).encode())
        weights = self._weights()
        for tensor in [*weights.values(), *self._own.values()]:
            digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes())
        if not weights:  # one picture, coarse enough to survive rounding
            digest.update((picture() * 8).round().to(torch.int8).numpy().tobytes())
        return digest.hexdigest()[:8]
