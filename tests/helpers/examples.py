"""The shipped pictures, read once for all tests of a worker. Tests that change a set take a copy."""

from functools import cache

from stablegen_lib import data

faces = cache(data.load_faces)
