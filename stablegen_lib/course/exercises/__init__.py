"""The checkers of each lesson's exercises, a file for each lesson; `course/checking.py` finds and runs them."""
