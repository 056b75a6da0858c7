"""Which device, how tensors get there and back, and what it does in hardware."""

import os
from typing import Any

import torch
from torch import Tensor, nn

Device = str | torch.device
CHOICE = "STABLEGEN_DEVICE"  # the environment variable by which a learner chooses


def choose_device(device: Device | None = None) -> torch.device:
    """The device that was named; else the learner's choice, STABLEGEN_DEVICE; else the CPU.

    Args:
        device: By name; "auto" takes CUDA, then Apple's MPS, then the CPU. None leaves it to the choice.

    Raises:
        ValueError: If what was named is no device, or this machine has none of that kind.
    """
    if device is None:
        return _found(os.environ.get(CHOICE, "") or "cpu", CHOICE)
    return _found(device, "device")


def fastest_device() -> torch.device:
    """CUDA if there is one, then Apple's MPS, then the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _found(name: Device, who: str) -> torch.device:
    if name == "auto":
        return fastest_device()
    try:
        device = torch.device(name)
    except (RuntimeError, TypeError):
        raise ValueError(f"{who} must be cpu, cuda, mps or auto, and {name!r} stands there.") from None
    missing = {"cuda": not torch.cuda.is_available(), "mps": not torch.backends.mps.is_available()}
    if missing.get(device.type, False):
        raise ValueError(f"{who} is {str(name)!r}, and PyTorch finds no such device here.")
    return device


class Network(nn.Module):
    """A network that can be called with tensors of any device.

    It brings its input along to where its weights are, and hands the output back to where its last
    input came from. So what a cell makes by hand, on the CPU, meets only results that are there too.
    """

    def __call__(self, *inputs: Tensor, **named: Tensor) -> Any:
        came = (*inputs, *named.values())
        own = _home(self) or torch.device("cpu")
        if all(getattr(value, "device", own) == own for value in came):
            return super().__call__(*inputs, **named)  # also what is no tensor: forward says what it needs
        moved = {name: bring(value, own) for name, value in named.items()}
        output = super().__call__(*(bring(value, own) for value in inputs), **moved)
        return bring(output, came[-1].device)


def _home(module: nn.Module) -> torch.device | None:
    """Where its first weight is. The same as `next(module.parameters()).device`, at a tenth of the cost."""
    for weight in module._parameters.values():
        if weight is not None:
            return weight.device
    for child in module._modules.values():
        home = None if child is None else _home(child)
        if home is not None:
            return home
    return None


def bring(output: Any, device: torch.device) -> Any:
    """A tensor, or tensors in tuples, on this device; anything else as it is."""
    if isinstance(output, tuple):
        parts = [bring(part, device) for part in output]
        return type(output)(*parts) if hasattr(output, "_fields") else tuple(parts)
    return output.to(device) if isinstance(output, Tensor) else output


def bfloat16_in_hardware(device: torch.device) -> bool:
    """Whether 16-bit brain floats save time here; on other processors they are emulated, and slower.

    Source:
        pytorch/pytorch issue 146508 for the slow emulation.
    """
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type != "cpu":
        return False
    probes = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")  # private names: absent means no
    return any(bool(getattr(torch.cpu, probe, lambda: False)()) for probe in probes)
