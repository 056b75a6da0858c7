"""A pretend accelerator: tensors are marked as being on "cuda", and marked ones must not meet others.

The numbers stay in ordinary memory and every result is the CPU's. What a real device would refuse is
refused: operations on both kinds, NumPy, random numbers from the other kind's generator. As on a real one,
tensors without dimensions go along, ``copy_`` crosses over, and indices may stand on the CPU.

Marks belong to storages, so views share them. Python calls are seen by a function mode, which knows about
devices; what these do inside, gradients too, by a dispatch mode, which knows about storages.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor
from torch.multiprocessing.reductions import StorageWeakRef
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

DEVICE = torch.device("cuda", 0)
CROSSING = ("aten::copy_", "aten::set_", "aten::_foreach_copy_")  # both kinds may meet here
NUMPY = ("numpy", "__array__", "__dlpack__")
INDEXING = ("aten::index", "aten::index_put_", "aten::_index_put_impl_")


class Met(RuntimeError):
    """Tensors of two devices met, or something only the CPU can do was asked of the other."""


class Marks:
    """Which storages lie on the accelerator. Holding them weakly keeps their addresses from new ones.

    ``within`` is set while a call with tensors runs. What PyTorch makes inside of it, such as zeros for a
    gradient that nobody asked for, has the right device in truth, and here it may go with either side.
    """

    def __init__(self) -> None:
        self.storages: dict[int, StorageWeakRef] = {}
        self.either: dict[int, StorageWeakRef] = {}
        self.within = False

    def __contains__(self, tensor: Tensor) -> bool:
        return tensor.untyped_storage()._cdata in self.storages

    def put(self, tensor: Tensor, marked: bool) -> None:
        storage = tensor.untyped_storage()
        self.either.pop(storage._cdata, None)
        if marked:
            self.storages[storage._cdata] = StorageWeakRef(storage)
        else:
            self.storages.pop(storage._cdata, None)
        if len(self.storages) > 20_000:
            self.storages = {key: kept for key, kept in self.storages.items() if not kept.expired()}

    def leave_open(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        self.either[storage._cdata] = StorageWeakRef(storage)
        if len(self.either) > 20_000:
            self.either = {key: kept for key, kept in self.either.items() if not kept.expired()}

    def is_open(self, tensor: Tensor) -> bool:
        return tensor.untyped_storage()._cdata in self.either


class Move(torch.autograd.Function):
    """A copy on the other device; its gradient comes back to this one."""

    @staticmethod
    def forward(ctx: Any, tensor: Tensor, marks: Marks, marked: bool) -> Tensor:
        ctx.marks, ctx.came_from = marks, tensor in marks
        copy = tensor.clone()
        marks.put(copy, marked)
        return copy

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        return Move.apply(gradient, ctx.marks, ctx.came_from), None, None


class Operations(TorchDispatchMode):
    """Each operation: all on one side, and the results stay there."""

    def __init__(self, marks: Marks) -> None:
        super().__init__()
        self.marks = marks

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        came = [leaf for leaf in tree_flatten((args, kwargs or {}))[0] if isinstance(leaf, Tensor)]
        settled = [tensor for tensor in came if not self.marks.is_open(tensor)]
        marked = self._side(func.name().partition(".")[0], settled)
        open_still = not settled and (bool(came) or self.marks.within)
        inputs = {tensor.untyped_storage()._cdata for tensor in came}
        result = func(*args, **(kwargs or {}))
        for made in tree_flatten(result)[0]:
            if isinstance(made, Tensor) and made.untyped_storage()._cdata not in inputs:
                self.marks.put(made, marked)
                if open_still:
                    self.marks.leave_open(made)
        return result

    def _side(self, name: str, came: list[Tensor]) -> bool:
        sides = [tensor in self.marks for tensor in came]
        if name in CROSSING:
            return bool(sides) and sides[0]
        if name in INDEXING and sides and sides[0]:  # on the CPU, the accelerator's indices are refused below
            return True
        with_dimensions = {side for tensor, side in zip(came, sides, strict=True) if tensor.ndim}
        if len(with_dimensions) > 1:
            raise Met(f"{name}: tensors on cuda:0 and on cpu met")
        return with_dimensions.pop() if with_dimensions else any(sides)


class Calls(TorchFunctionMode):
    """Calls that name a device or ask for one."""

    def __init__(self, marks: Marks) -> None:
        super().__init__()
        self.marks = marks

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs, name = dict(kwargs or {}), getattr(func, "__name__", "")
        own = args[0] if args and isinstance(args[0], Tensor) else None
        on_it = own is not None and own in self.marks
        if name == "__get__" and on_it:
            return self._told(getattr(func.__self__, "__name__", ""), func, args)
        if name in NUMPY and on_it:
            raise Met(f"{name}: a tensor on cuda:0 has no NumPy array; Tensor.cpu() comes first")
        if name in ("to", "cuda", "cpu"):
            return self._to(func, name, *args, **kwargs)
        if name == "__deepcopy__":
            return self._put(func(*args, **kwargs), on_it)
        if kwargs.get("device") is not None and torch.device(kwargs["device"]).type in ("cuda", "cpu"):
            return self._made(func, torch.device(kwargs.pop("device")), args, kwargs)
        if own is not None:
            _require_own_generator(kwargs.get("generator"), "cuda" if on_it else "cpu")
        several = args[0] if args and isinstance(args[0], list | tuple) else ()
        before, self.marks.within = self.marks.within, own is not None or any(map(torch.is_tensor, several))
        try:
            return func(*args, **kwargs)
        finally:
            self.marks.within = before

    def _told(self, attribute: str, func: Any, args: Any) -> Any:
        answers = {"device": DEVICE, "is_cuda": True, "is_cpu": False}
        return answers[attribute] if attribute in answers else func(*args)

    def _to(self, func: Any, name: str, own: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        other = kwargs.pop("other", None)
        given = [kwargs.pop("device", None) if name == "to" else name, other, *args]
        on_it = own in self.marks
        for value in given:
            if isinstance(value, Tensor):
                on_it, kwargs["dtype"] = value in self.marks, value.dtype
            elif isinstance(value, str | torch.device):
                on_it = torch.device(value).type == "cuda"
        for value in args:
            if isinstance(value, torch.dtype):
                kwargs["dtype"] = value
        kwargs.pop("non_blocking", None)
        here = own.to(**kwargs) if kwargs else own
        return here if (here in self.marks) == on_it else Move.apply(here, self.marks, on_it)

    def _made(self, func: Any, device: torch.device, args: Any, kwargs: dict[str, Any]) -> Any:
        _require_own_generator(kwargs.get("generator"), device.type)
        made, on_it = func(*args, **kwargs, device="cpu"), device.type == "cuda"
        if args and isinstance(args[0], Tensor) and made.data_ptr() == args[0].data_ptr():
            return made if (made in self.marks) == on_it else Move.apply(made, self.marks, on_it)
        return self._put(made, on_it)

    def _put(self, made: Any, on_it: bool) -> Any:
        self.marks.put(made, on_it)
        return made


def _require_own_generator(generator: torch.Generator | None, device: str) -> None:
    if generator is not None and generator.device.type != device:
        raise Met(f"a generator on {generator.device} cannot draw for {device}")


class Generator(torch.Generator):
    """One that says on which device it is."""

    def __new__(cls, device: str | torch.device = "cpu") -> "Generator":
        made = super().__new__(cls)
        made.lies_on = torch.device(device)
        return made

    @property
    def device(self) -> torch.device:
        return self.lies_on


@contextmanager
def accelerator() -> Iterator[Marks]:
    """Within the block this machine seems to have a GPU called "cuda"."""
    marks = Marks()
    with ExitStack() as stack:
        stack.enter_context(patch("torch.cuda.is_available", lambda: True))
        stack.enter_context(patch("torch.cuda.is_bf16_supported", lambda **_: False))
        stack.enter_context(patch("torch.backends.cuda.is_built", lambda: False))
        stack.enter_context(patch("torch.Generator", Generator))
        stack.enter_context(Operations(marks))
        stack.enter_context(Calls(marks))
        yield marks
