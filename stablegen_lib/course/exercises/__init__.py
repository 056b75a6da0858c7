"""The checkers of the exercises, a file for each lesson; `course/checking.py` finds and runs them."""
