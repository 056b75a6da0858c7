"""Can a lesson go on with what the learner's function gives? The numbers alone do not decide that.

`checking.close` takes lists, arrays and numbers for tensors, because the answer to an exercise is not used
again. A gap's function is: the next cells ask its results for `.mean()`, index with them, or call
`.backward()`.
"""

from typing import Any

from stablegen_lib.course.telling import kind, shape

_MAKERS = {  # kind of result: how a tensor comes out of it
    "list": "torch.tensor(…) makes one of numbers, torch.stack(…) one of tensors",
    "tuple": "torch.tensor(…) makes one of numbers, torch.stack(…) one of tensors",
    "ndarray": "torch.from_numpy(…) makes one",
}
_A_NUMBER = "leave out .item(), float() or int(), or let torch.tensor(…) make one"
_CUT = "no gradient runs back through the result: .item(), .detach(), no_grad() or a new tensor cuts it off."
_HANGS = "a gradient still runs back through the result: .detach() cuts it off."


def misfit(given: Any, right: Any, *, any_type: bool = False) -> str | None:
    """None when the lesson can go on with the result; otherwise what it needs, and how to get it.

    Args:
        given: The learner's result; whether its numbers are right is not looked at.
        right: The result of the course's own version.
        any_type: Whether a tensor may hold numbers of another type.
    """
    import torch

    if isinstance(right, torch.Tensor):
        if not isinstance(given, torch.Tensor):
            how = _MAKERS.get(type(given).__name__, _A_NUMBER)
            return f"{kind(given)} came, and the lesson goes on with a tensor: {how}."
        return _other_shape(given, right) or _other_tensor(given, right, any_type)
    if isinstance(right, int | float) and getattr(given, "shape", ()) != ():
        return f"{shape(given)} came, and the lesson goes on with a single number: .item() takes it out."
    if isinstance(right, int | float) and isinstance(given, list | tuple):
        return f"{kind(given)} came, and the lesson goes on with a single number: leave the brackets out."
    return None


def _other_shape(given: Any, right: Any) -> str | None:
    """Where one number is right, `close` takes it in any shape."""
    if given.shape == right.shape:
        return None
    how = ": a dimension is missing" if given.ndim < right.ndim else ""
    if given.ndim > right.ndim:
        how = ": keepdim and brackets add dimensions"
    return f"{shape(given)} came, and the lesson goes on with {shape(right)}{how}."


def _other_tensor(given: Any, right: Any, any_type: bool) -> str | None:
    if not (any_type or _types_fit(given, right)):
        was, needed = (str(tensor.dtype).removeprefix("torch.") for tensor in (given, right))
        return f"a tensor of {was} came, and the lesson goes on with {needed}: .to(torch.{needed}) turns it."
    if right.requires_grad and not given.requires_grad:
        return _CUT
    return _HANGS if given.requires_grad and not right.requires_grad else None


def _types_fit(given: Any, right: Any) -> bool:
    """A count may be of any type; whole numbers may be short or long: both can be used as an index."""
    import torch

    if right.is_floating_point() or right.dtype == torch.bool:
        return bool(given.dtype == right.dtype)
    is_whole = not given.is_floating_point() and given.dtype != torch.bool
    return right.ndim == 0 or is_whole
