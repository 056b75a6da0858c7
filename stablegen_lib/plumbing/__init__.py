"""What no lesson is about: files, seeds, devices, Ctrl-C, command lines. For us, not for learners.

Files: `files.py` replaces one at once or not at all, `tensors.py` holds weights, `header.py` judges them
unread, `stored.py` gives both to a network, `adam.py` to an optimiser; `sums.py` keeps checksums,
`blueprints.py` builds without memory, `earlier.py` opens what version 0.1 saved. Arguments:
`doors.py` judges them by their annotations, with `kinds.py`, `shapes.py`, `bounds.py` and `checks.py`. Else:
`command_line.py`, `devices.py`, `interrupt.py`, `seeding.py`, `shipped.py` (the wheel's data),
`stopping.py` (a loss that is no number). `layers.py` has the blocks that generator, discriminator and
VAE share.
"""
