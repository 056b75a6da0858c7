"""How often do pictures show what was asked for? One definition for the whole course.

In a picture an attribute is **as asked** when the judge reads the value that x names; several
attributes are as asked when all of them are, at once. A share without company says nothing, so each
stands beside two others: that of real pictures (the judge errs on those too), and that of one
constant answer, which knows what is frequent and never looks at x.
"""

from collections.abc import Iterable, Mapping

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from stablegen_lib.data import ByAttribute, ImageSet
from stablegen_lib.data.names import find_attribute
from stablegen_lib.plumbing.doors import door

Verdict = Mapping[str, Bool[Tensor, " count"]]


@door()
def as_asked(verdict: Verdict, *attributes: str) -> float:
    """Share of the pictures that show all of these attributes as asked, at once.

    Args:
        verdict: From `obeyed` or `constant_answer`.
        attributes: Which ones; all of them when none is named.

    Raises:
        ValueError: If there is no attribute, or one is unknown; the known ones are listed.
    """
    names = [find_attribute(name, verdict) for name in attributes] or list(verdict)
    if not names:
        raise ValueError("the verdict on at least one attribute was needed, and none came.")
    return float(torch.stack([verdict[name] for name in names]).all(dim=0).float().mean())


@door()
def usual_condition(pictures: ImageSet) -> Float[Tensor, " condition"]:
    """The most frequent value of each attribute, as a condition: the answer of one who never looks."""
    shares, usual = pictures.conditions.mean(dim=0), torch.zeros(pictures.conditions.shape[1])
    for part in pictures.groups.values():
        usual[part.start + int(shares[part].argmax())] = 1
    return usual


@door()
def constant_answer(
    conditions: Float[Tensor, "count condition"], pictures: ImageSet
) -> ByAttribute[Bool[Tensor, " count"]]:
    """Where one constant answer would be as asked: the chance level, in the form that `obeyed` has.

    Args:
        conditions: What was asked for.
        pictures: Where the most frequent values are counted: the training split.

    Raises:
        ValueError: If the conditions have another length.
    """
    if conditions.shape[1:] != pictures.conditions.shape[1:]:
        wanted, came = pictures.conditions.shape[1], conditions.shape[1]
        raise ValueError(f"conditions with {wanted} entries, as in the pictures, were needed; {came} came.")
    usual = usual_condition(pictures)
    return ByAttribute(
        {name: conditions[:, part].float() @ usual[part] > 0 for name, part in pictures.groups.items()}
    )


@door()
def as_asked_table(columns: Mapping[str, Verdict], attributes: Iterable[str] = (), digits: int = 2) -> str:
    """Aligned text: a row for each attribute, and a last one for all of them at once.

    Args:
        columns: Head of a column -> verdict. Print real pictures and `constant_answer` among them.
        attributes: Which ones; all of them when none is named.
        digits: Behind the point.

    Raises:
        ValueError: If there is no column, or an attribute is unknown.
    """
    if not columns:
        raise ValueError("at least one column was needed: a name and what `obeyed` returned.")
    first = next(iter(columns.values()))
    names = [find_attribute(name, first) for name in attributes] or list(first)
    rows: list[tuple[str, tuple[str, ...]]] = [(name, (name,)) for name in names]
    if len(names) > 1:
        rows.append((f"all {len(names)} at once", tuple(names)))
    width = max(len("as asked"), *(len(label) for label, _ in rows))
    lines = [f"{'as asked':<{width}}" + "".join(f"  {head:>9}" for head in columns)]
    for label, together in rows:
        shares = [f"{as_asked(verdict, *together):.{digits}f}" for verdict in columns.values()]
        lines.append(f"{label:<{width}}" + "".join(
            f"  {share:>{max(9, len(head))}}" for share, head in zip(shares, columns, strict=True)
        ))  # fmt: skip
    return "\n".join(lines)
