"""What several command lines of the library ask of their arguments."""

import argparse


def count(text: str) -> int:
    """A whole number of at least 1, as ``type`` for argparse.

    Raises:
        argparse.ArgumentTypeError: If the text is something else; argparse prints it as one line.
    """
    if not (text.isascii() and text.isdecimal()) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number of at least 1 was needed, and {text} came")
    return int(text)
