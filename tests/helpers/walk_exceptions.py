"""What the walk accepts although its rules would not, each with the reason."""

EXCEPTIONS: list[tuple[str, tuple[str, ...], str]] = []
