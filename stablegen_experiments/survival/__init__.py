"""Lesson 07: which way of training survives, over many seeds."""

from stablegen_experiments.survival.contestants import CONTESTANTS
from stablegen_experiments.survival.judges import FOUR, JUDGES

__all__ = ["CONTESTANTS", "FOUR", "JUDGES"]
