"""Where a training step's time goes, and what was tried to make it shorter.

python benchmarks/step_costs.py               about three minutes; prints tables of docs/measurements.md
python benchmarks/step_costs.py --compile     tries torch.compile as well (needs a C++ compiler)
"""

import argparse
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import Any
from unittest import mock

import torch
from stopwatch import in_turns, matrix_peak, ratio, surroundings
from torch import Tensor, nn
from torch.optim import Adam
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

from stablegen_lib import data, training
from stablegen_lib.discriminator import _judge as judge
from stablegen_lib.plumbing.devices import bfloat16_in_hardware
from stablegen_lib.stability import penalties
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training import batches, loop
from stablegen_lib.training import losses as recipe_loss

FACES = data.load_faces("train")
STEPS, ROUNDS = 4, 15  # a lazy penalty falls due once in four steps
Run = Iterator[object]
Patch = tuple[Any, str, Any]


def our_run(
    *patches: Patch, adam: dict[str, bool] | None = None, compiled: bool = False, **changes: Any
) -> Run:
    """The loop with STABLE, with these changes of the recipe, of Adam, or of what stands in the library."""
    recipe = replace(training.STABLE, **changes)
    model = StableGen.for_images(FACES, seed=0, device="cpu")
    state = training.start(model, recipe)
    if adam is not None:
        rates = {"lr": recipe.generator_learning_rate, "betas": recipe.betas}
        state.generator_optimizer = Adam(model.generator.parameters(), **rates, **adam)
        state.discriminator_optimizer = Adam(model.discriminator.parameters(), **rates, **adam)
    if compiled:
        model.generator.compile()
        model.discriminator.compile()
    return patched(training.train(model, FACES, steps=10**9, state=state), *patches)


def patched(run: Run, *patches: Patch) -> Run:
    """The same run; the patches hold only while it is its turn."""
    while True:
        with ExitStack() as stack:
            for target, name, value in patches:
                stack.enter_context(mock.patch.object(target, name, value))
            step = next(run)
        yield step


def one_pass_each(discriminator: nn.Module, asked: list[Tensor], shown: list[Tensor]) -> list[Tensor]:
    return [discriminator(x, y) for x, y in zip(asked, shown, strict=True) if len(x)]


def shared_features(discriminator: Any, asked: list[Tensor], shown: list[Tensor]) -> Sequence[Tensor]:
    """Features of real pictures once, for their own condition and for somebody else's."""
    if len(asked) < 3 or len(asked[2]) != len(asked[0]):  # some conditions were alike: rare with 35 entries
        return USUAL_PASS(discriminator, asked, shown)
    real, fake = discriminator.features(discriminator.shrink(torch.cat(shown[:2]))).chunk(2)
    logits: Tensor = judge(discriminator.realness, discriminator.match, torch.cat(asked),
                           torch.cat([real, fake, real]))  # fmt: skip
    return logits.chunk(3)


def slope_of_half(judge: Callable[[Tensor], Tensor], samples: Tensor) -> Tensor:
    discriminator, (x,) = judge.func, judge.args  # type: ignore[attr-defined]
    half = len(samples) // 2
    penalty: Tensor = WHOLE_PENALTY(partial(discriminator, x[:half]), samples[:half])
    return penalty


USUAL_PASS, WHOLE_PENALTY = recipe_loss._judge, penalties.slope_penalty
TYPES = "bfloat16", "float32"
AUTO, OTHER = TYPES if bfloat16_in_hardware(torch.device("cpu")) else TYPES[::-1]
TRIED: dict[str, Callable[[], Run]] = {
    f"{OTHER} instead of {AUTO}": lambda: our_run(precision=OTHER),
    "channels_last": lambda: our_run(memory_format="channels_last"),
    "D in three passes instead of one": lambda: our_run((recipe_loss, "_judge", one_pass_each)),
    "features of real pictures once for both conditions": lambda: our_run(
        (recipe_loss, "_judge", shared_features)
    ),
    "Adam one parameter at a time, instead of fused": lambda: our_run(adam={"foreach": False}),
    "Adam foreach, instead of fused": lambda: our_run(adam={"foreach": True}),
    "penalty at every step, instead of every 4th": lambda: our_run(penalty_every=1),
    "no penalty": lambda: our_run(r1_gamma=0.0),
    "penalty on half of the batch": lambda: our_run((penalties, "slope_penalty", slope_of_half)),
    "no mismatched pairs": lambda: our_run(mismatch=False),
}
SIZES = (32, 64, 256, 512)


def tried() -> None:
    """Images per second against the default's, in turns."""
    runs = {"default": our_run(), **{name: make() for name, make in TRIED.items()}}
    seconds = in_turns(runs, steps=STEPS, rounds=ROUNDS)
    print("\n| tried | images a second, against ours as it is |\n|---|---|")
    for name in TRIED:
        print(f"| {name} | {ratio(seconds['default'], seconds[name])} |")
    runs = {str(size): our_run(batch_size=size) for size in (*SIZES, 128)}
    seconds = in_turns(runs, steps=STEPS, rounds=7)
    for size in SIZES:
        each = [second / size for second in seconds[str(size)]]
        print(f"| batch of {size} instead of 128 | {ratio([s / 128 for s in seconds['128']], each)} |")
    median = statistics.median(seconds["128"])
    print(f"\nours as it is: {1000 * median:.0f} ms a step, {128 / median:,.0f} images a second", flush=True)


def share_of_peak() -> None:
    """Without penalty: torch does not count the operations of a gradient's gradient."""
    with FlopCounterMode(display=False) as counter:
        next(our_run(r1_gamma=0.0))
    (seconds,) = in_turns({"run": our_run(r1_gamma=0.0)}, steps=STEPS, rounds=ROUNDS).values()
    dtype = getattr(torch, AUTO)
    peak = matrix_peak(dtype, clock=time.process_time)
    done = float(counter.get_total_flops()) / min(seconds)
    print(f"\n{counter.get_total_flops() / 1e9:.1f} GFLOP a step; best round {done / 1e9:.0f} GFLOP/s, "
          f"{done / peak:.0%} of a matrix product's {peak / 1e9:.0f} ({dtype})", flush=True)  # fmt: skip


def compiling() -> None:
    """Without penalty: torch.compile cannot take the gradient of a gradient."""
    runs = {"plain": our_run(r1_gamma=0.0), "compiled": our_run(r1_gamma=0.0, compiled=True)}
    began = time.process_time()
    next(runs["compiled"])
    print(f"\nfirst compiled step: {time.process_time() - began:.0f} s of the processor")
    seconds = in_turns(runs, steps=STEPS, rounds=ROUNDS)
    print(f"| torch.compile, both without penalty | {ratio(seconds['plain'], seconds['compiled'])} |")


class Phases:
    """Adds up the seconds spent in functions of the library, while a run goes on."""

    def __init__(self) -> None:
        self.seconds = Counter[str]()

    def watch(self, target: Any, name: str, label: str) -> Patch:
        original = getattr(target, name)
        self.seconds[label] = 0.0

        def timed(*arguments: Any, **options: Any) -> Any:
            began = time.process_time()
            result = original(*arguments, **options)
            self.seconds[label] += time.process_time() - began
            return result

        return target, name, timed


def phases() -> None:
    """Shares of a step, by what it does."""
    spent = Phases()
    run = our_run(
        spent.watch(loop, "discriminator_turn", "turn of D"),
        spent.watch(loop, "generator_turn", "turn of G"),
        spent.watch(loop, "update_ema", "running average of G"),
        spent.watch(batches.Batches, "draw", "turn of D: drawing a batch"),
        spent.watch(recipe_loss, "discriminator_loss", "turn of D: losses and penalty, forward"),
        spent.watch(penalties, "slope_penalty", "turn of D: of that the penalty, every 4th step"),
        spent.watch(loop, "_move", "both turns: backward and Adam"),
        spent.watch(Adam, "step", "both turns: of that Adam"),
    )
    (seconds,) = in_turns({"run": run}, steps=16, rounds=2).values()
    unseen = [label for label, value in spent.seconds.items() if not value]
    if unseen:
        raise RuntimeError(f"never called where it was watched: {', '.join(unseen)}")
    whole = sum(seconds) / 2 * 16 * 3  # the round that warmed up is in the counters too
    print("\n| part of a step | share |\n|---|---|")
    for label, value in sorted(spent.seconds.items()):
        print(f"| {label} | {value / whole:.0%} |")


GROUPS = {  # a part of an operation's name, and where it counts
    "convolution": "convolutions", "mkldnn": "convolutions",
    "mm": "linear layers", "linear": "linear layers",
    "adam": "Adam", "lerp": "running average", "copy_": "copies and casts", "cat": "copies and casts",
    "leaky": "activations", "tanh": "activations", "sigmoid": "activations",
}  # fmt: skip


def group_of(name: str) -> str:
    return next((group for part, group in GROUPS.items() if part in name.lower()), "everything else")


def counted() -> Counter[str]:
    """Floating-point operations of a step, by the kind of operation; without penalty."""
    with FlopCounterMode(display=False) as counter:
        next(our_run(r1_gamma=0.0))
    flops = Counter[str]()
    for operation, count in counter.get_flop_counts()["Global"].items():
        flops[group_of(str(operation))] += count
    return flops


def operations() -> None:
    """Shares of a step without penalty, by the kind of operation, and how near each comes to the peak."""
    run, seconds, steps = our_run(r1_gamma=0.0), Counter[str](), 16
    in_turns({"run": run}, steps=4, rounds=0)
    with profile(activities=[ProfilerActivity.CPU]) as profiler:
        began = time.perf_counter()  # the profiler knows no other clock
        for _ in range(steps):
            next(run)
        whole = time.perf_counter() - began
    for event in profiler.key_averages():
        seconds[group_of(event.key)] += event.self_cpu_time_total / 1e6
    seconds["between operations: Python, the profiler"] = max(0.0, whole - seconds.total())
    flops, peak = counted(), matrix_peak(getattr(torch, AUTO))
    print("\n| kind of operation | share | GFLOP a step | of the matrix peak |\n|---|---|---|---|")
    for group, value in seconds.most_common():
        done = flops[group] * steps / max(value, 1e-9)
        reached = f"{flops[group] / 1e9:.2f} | {done / peak:.0%}" if flops[group] else " | "
        print(f"| {group} | {value / whole:.0%} | {reached} |", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--compile", action="store_true", help="torch.compile, and nothing else")
    only_compile = parser.parse_args(arguments).compile
    torch.set_num_threads(1)
    print(surroundings())
    for part in (compiling,) if only_compile else (phases, operations, share_of_peak, tried):
        part()


if __name__ == "__main__":
    main()
