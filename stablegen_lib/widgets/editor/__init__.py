"""The Editor."""

from stablegen_lib.widgets.editor.widget import Editor

__all__ = ["Editor"]
