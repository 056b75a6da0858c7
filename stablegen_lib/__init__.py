"""StableGen: the code behind the lessons, one file for each idea.

Import the part you need, as the notebooks do: `from stablegen_lib import data, log_loss`.
"""

__version__ = "0.1.0"
