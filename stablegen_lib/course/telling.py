"""Words for what a learner handed in: its kind, its shape, the error that it made."""

from typing import Any


def kind(value: object) -> str:
    name = "function" if callable(value) else type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def shape(tensor: Any) -> str:
    return "a single number" if tensor.ndim == 0 else f"a tensor of shape {tuple(tensor.shape)}"


def described(error: Exception) -> str:
    """A sentence: its own full stop at the end, or one from us."""
    text = " ".join(str(error).split())[:200].rstrip(".")
    return f"{type(error).__name__}: {text}." if text else f"{type(error).__name__}."
