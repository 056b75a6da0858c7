"""What several command lines of the library ask of their arguments."""

import argparse

LARGEST_SEED = 2**63 - 1  # torch takes no more


def count(text: str) -> int:
    """A whole number of at least 1, as ``type`` for argparse.

    Raises:
        argparse.ArgumentTypeError: If the text is something else; argparse prints it as one line.
    """
    if not (text.isascii() and text.isdecimal()) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number of at least 1 was needed, and {text} came")
    return int(text)


def seed(text: str) -> int:
    """A whole number that torch takes as a seed, from 0, as ``type`` for argparse.

    Raises:
        argparse.ArgumentTypeError: If the text is something else; argparse prints it as one line.
    """
    if not (text.isascii() and text.isdecimal()) or int(text) > LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"a whole number from 0 to {LARGEST_SEED} was needed; {text} came")
    return int(text)
