"""Which device, and what it does in hardware."""

import torch

Device = str | torch.device


def choose_device(device: Device = "auto") -> torch.device:
    """CUDA if there is one, then Apple's MPS, then the CPU; or the device that was named.

    Raises:
        ValueError: If there can be no device of that name.
    """
    if device != "auto":
        try:
            return torch.device(device)
        except (RuntimeError, TypeError):
            raise ValueError(
                f'a device such as "cpu", "cuda" or "mps" was needed, and {device!r} came.'
            ) from None
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


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
