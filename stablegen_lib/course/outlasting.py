"""What keeps the kernel alive when an answer tries to end it, on purpose or by an `exit()` left behind."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

LEAVES = "exit() would end the kernel. Leave it out; a function ends with return."


def running_shell() -> Any:
    """IPython's, in a notebook and in its terminal; None elsewhere."""
    return getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()


@contextmanager
def kernel_goes_on() -> Iterator[None]:
    """In a notebook `exit()` does not raise: it asks the shell to end after the cell. Here it raises."""
    shell = running_shell()
    if shell is None:
        yield
        return
    shell.ask_exit = _leave
    try:
        yield
    finally:
        del shell.ask_exit  # the method of its class shows again


def _leave() -> NoReturn:
    raise SystemExit
