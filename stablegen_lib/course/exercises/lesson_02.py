"""Checks for the exercises of lesson 02, the generator."""

import functools
from typing import Any

from stablegen_lib.course.checking import Wrong, call, close, difference, exercise

# Input, kernel, stride, padding: the generator's own settings last, because there n * stride is right too.
SIZES = ((4, 6, 3, 1), (5, 3, 2, 0), (1, 7, 4, 2), (7, 3, 1, 1), (8, 4, 2, 1))
PERSONS = (3, 9)  # training faces; their x is asked for
GLASSES = ("none", "light", "dark")
NEAR = 1e-3  # of pixels in [-1, 1]: three pictures at once are rounded otherwise than one by one


@exercise("02.1", "parameters of two layers")
def parameters(answer: object) -> str | None:
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise Wrong("two numbers were needed: (linear, transposed).")
    linear, transposed = 163 * 256 + 256, 32 * 32 * 16 + 32
    for_linear = {
        163 * 256: "that is the weights alone; add the biases.",
        128 * 256 + 256: "that is for z alone; x goes in too.",
        128 * 256: "that is the weights for z alone; x goes in too, and there are biases.",
        99 * 256 + 256: "that is the layer of the smaller generator; now z has 128 entries.",
        163 * 256 + 163: "there is one bias for each output, not for each input.",
        163 * 257 + 256: "count again: inputs times outputs, plus one bias for each output.",
    }
    for_transposed = {
        32 * 32 * 16: "that is the weights alone; add the biases.",
        32 * 32 * 4 + 32: "a kernel of 4 × 4 has more than 4 weights.",
        32 * 16 + 32: "each pair of input map and output map has a kernel of its own.",
        64 * 32 * 16
        + 32: "that is the first transposed convolution; the additional one has 32 maps on both sides.",
        32 * 32 * 9 + 32: "the kernels are 4 × 4, not 3 × 3.",
        32 * 32 * 17: "there is one bias for each output map, not for each kernel.",
        (32 * 32 * 16 + 32) * 256: "a kernel is stored once, however often it is used.",
        32 * 32 * 16 * 256: "a kernel is stored once, however often it is used.",
    }
    if close(answer[0], transposed, 0.0) and close(answer[1], linear, 0.0):
        return "the two are swapped: the linear layer comes first."
    problem = _problem(answer[0], linear, for_linear)
    if problem:
        return f"the linear layer: {problem}"
    problem = _problem(answer[1], transposed, for_transposed)
    return f"the transposed convolution: {problem}" if problem else None


@exercise("02.2", "the side after a transposed convolution")
def side_after(answer: object) -> str | None:
    for n, kernel, stride, padding in SIZES:
        full = (n - 1) * stride + kernel
        mistakes = {
            (n + 2 * padding - kernel) // stride + 1: "that is for an ordinary convolution, which shrinks.",
            full: "that is before the border is cut off.",
            full - padding: "the border is cut off on both sides.",
            full + 2 * padding: "the padding is cut off here, not added.",
            n * stride: "that holds only when kernel - stride is twice the padding. Follow the stamps.",
            n * stride + kernel - 2 * padding: "the first stamp begins at pixel 0; where does the last one?",
            n * kernel - 2 * padding: "stamps overlap: they are stride pixels apart, not kernel pixels.",
            2 * n: "that holds for kernel 4, stride 2 and padding 1 only.",
        }
        problem = _problem(call(answer, n, kernel, stride, padding), full - 2 * padding, mistakes)
        if problem:
            return f"for n={n}, kernel={kernel}, stride={stride}, padding={padding}: {problem}"
    return None


@exercise("02.3", "one person, three pairs of glasses")
def three_glasses(answer: object) -> str | None:
    import torch

    z = torch.randn(len(PERSONS), 64, generator=torch.Generator().manual_seed(2))
    for index, latent in zip(PERSONS, z, strict=True):
        x = _faces().conditions[index]
        problem = _problem_in_pictures(call(answer, x.clone(), latent.clone()), x, latent)
        if problem:
            return problem
    return None


def _problem_in_pictures(given: Any, x: Any, z: Any) -> str | None:
    import torch

    if not isinstance(given, torch.Tensor):
        raise Wrong(
            "a tensor of three pictures was needed. Does your function return what model.sample gives?"
        )
    if given.shape != (3, 3, 16, 16):
        return f"shape (3, 3, 16, 16) was needed, {tuple(given.shape)} came. Stack the three x, repeat z."
    right = _drawn(x, z)
    if close(given, right, NEAR):
        return None
    others = _faces().condition()
    mistakes = (
        (right[[0, 0, 0]], "all three are without glasses."),
        (_drawn(x, z, x.expand(3, -1)), "all three are as x came; replace_attribute returns a changed copy."),
        (right.flip(0), "the order is wrong: none first, then light, then dark."),
        (_drawn(others, z), "the glasses are right, the rest of x is not: start from the x that came."),
        ((right + 1) * 127.5, "these are bytes; leave the pictures in [-1, 1]."),
    )
    hints = (hint for wrong, hint in mistakes if close(given, wrong, 1.0 if wrong.max() > 2 else NEAR))
    return next(hints, None) or _problem_with_z(given, right)


def _problem_with_z(given: Any, right: Any) -> str | None:
    apart = (given.detach().cpu().double() - right.double()).abs().mean(dim=(1, 2, 3)) > NEAR
    if apart.all():
        return (
            "all three differ from what z and x ask for. Is it the z that came, and the same one three times?"
        )
    wrong = [value for value, is_wrong in zip(GLASSES, apart.tolist(), strict=True) if is_wrong]
    return f"wrong picture for glasses={', '.join(wrong)}." if wrong else difference(given, right, NEAR)


def _problem(answer: object, right: int, hints: dict[int, str]) -> str | None:
    """None when right; the hint of the typical mistake that gives this number; or what differs."""
    if close(answer, right, 0.0):
        return None
    found = (hint for wrong, hint in hints.items() if wrong != right and close(answer, wrong, 0.0))
    return next(found, None) or difference(answer, right, 0.0)


@functools.cache
def _faces() -> Any:
    from stablegen_lib import data

    return data.load_faces("train")


@functools.cache
def _model() -> Any:
    from stablegen_lib import data
    from stablegen_lib.stablegen import StableGen

    return StableGen.load(data.data_dir() / "weights" / "faces", device="cpu")


def _drawn(x: Any, z: Any, wishes: Any = None) -> Any:
    """Three pictures for z: x with each kind of glasses, unless other wishes are given."""
    import torch

    from stablegen_lib import data

    names = _model().condition_names
    if wishes is None:
        wishes = [data.replace_attribute(x, names, attribute="glasses", value=value) for value in GLASSES]
        wishes = torch.stack(wishes)
    return _model().sample(conditions=wishes, z=z.expand(3, -1))
