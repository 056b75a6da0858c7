"""Networks as ONNX files whose weights are stored in half precision and computed with in full."""

import logging
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

SMALLEST = 8  # entries; smaller tensors are left as they are


def write(
    network: nn.Module,
    inputs: Mapping[str, Tensor],
    outputs: Sequence[str],
    path: Path,
    *,
    halve: bool = True,
) -> None:
    """Writes a network; the first dimension of every input may then have any length.

    Args:
        network: Called with the inputs in their order.
        inputs: Name -> an example, with a batch of at least two.
        outputs: Their names.
        path: Of the file.
        halve: Store weights as float16.
    """
    batch = torch.export.Dim("batch", min=1, max=256)
    shapes = tuple({0: batch} if example.ndim else None for example in inputs.values())
    with warnings.catch_warnings(), torch.no_grad():
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        warnings.simplefilter("ignore")  # notes to the exporter's own developers
        program: Any = torch.onnx.export(
            network.eval(), tuple(inputs.values()), dynamo=True, verbose=False, dynamic_shapes=shapes,
            input_names=list(inputs), output_names=list(outputs), external_data=False,
        )  # fmt: skip
    whole = program.model_proto
    if halve:
        _halve(whole.graph)
    onnx.checker.check_model(whole)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(whole, path)


def _halve(graph: onnx.GraphProto) -> None:
    """Weights become float16, each cast back in front of its use: half the size."""
    stored, casts = [], []
    for tensor in graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.dtype == np.float32 and array.size > SMALLEST:
            stored.append(numpy_helper.from_array(array.astype(np.float16), f"{tensor.name}_half"))
            casts.append(
                helper.make_node("Cast", [f"{tensor.name}_half"], [tensor.name], to=TensorProto.FLOAT)
            )
        else:
            stored.append(tensor)
    nodes = [*casts, *graph.node]
    for field, content in (("initializer", stored), ("node", nodes), ("value_info", [])):
        graph.ClearField(field)  # type: ignore[arg-type]
        getattr(graph, field).extend(content)
