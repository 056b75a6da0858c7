"""Checks for the exercises of lesson 15, your own pictures."""

from stablegen_lib.course.checking import NotYet, Wrong, call, close, difference, exercise
from stablegen_lib.course.picking import picked


@exercise("15.1", "twins stay together")
def split(answer: object) -> str | None:
    import torch

    for kinds, held in (([0, 1, 1, 2, 0, 3, 4], [1, 3]), ([5, 2, 5, 5, 7, 2, 9, 9], [9])):
        groups, wanted = torch.tensor(kinds), torch.tensor(held)
        given = call(answer, groups, wanted)
        if not isinstance(given, tuple | list) or len(given) != 2:
            raise Wrong("two tensors were needed: the numbers of the training and of the held-out pictures.")
        if any(part is None or part is ... for part in given):
            raise NotYet
        inside = torch.isin(groups, wanted)
        training, held_out = ((~inside).nonzero().flatten(), inside.nonzero().flatten())
        if close(given[0], held_out) and close(given[1], training):
            return "the two have changed places: training pictures come first."
        if close(given[0], groups[~inside]) and close(given[1], groups[inside]):
            return "those are the groups. Which pictures are in them? Their numbers are wanted: nonzero()."
        for name, part, right in (("training", given[0], training), ("held-out", given[1], held_out)):
            if wrong := difference(part, right):
                return f"the {name} pictures: {wrong}"
    return None


@exercise("15.2", "how many steps")
def steps_for(answer: object) -> str | None:
    for views, pictures, batch in ((400, 240, 32), (100, 333, 64), (1, 10, 16)):
        steps, exact = call(answer, views, pictures, batch), views * pictures / batch
        if close(steps, views * batch / pictures):
            return "upside down: more pictures need more steps, a larger batch fewer."
        if not exact.is_integer() and close(steps, exact):
            return "the number is right, but nobody can do a part of a step: round up (math.ceil)."
        if not exact.is_integer() and close(steps, int(exact)):
            return "that is one step too few: round up, not down."
        if wrong := difference(steps, -(-views * pictures // batch)):
            return wrong
    return None


@exercise("15.3", "read the signs")
def verdict(answer: object) -> str | None:
    hints = {
        "fine": "0.62 of the pictures are nearer to a training picture than real ones usually come: 0.10.",
        "collapse": "the variety is 0.97 of the real one. Pictures that are all alike would give about 0.",
    }
    return picked(answer, "copies", hints)
