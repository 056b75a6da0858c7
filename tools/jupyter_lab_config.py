"""JupyterLab for the course: it opens lesson 00 and fetches nothing from the network.

Used by `make course`; by hand, in this project's folder:

    jupyter lab --config=tools/jupyter_lab_config.py

Address and token stay as JupyterLab sets them: this computer only, a new token each time.
"""

from pathlib import Path

c = get_config()  # noqa: F821  # JupyterLab puts it there

c.LabApp.default_url = "/lab/tree/notebooks/00_start_here.ipynb"
c.LabApp.app_settings_dir = str(Path(__file__).parent / "jupyter_lab_settings")  # does not ask about news
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"  # the other one asks a package registry
c.LanguageServerManager.autodetect = False  # looking for language servers runs npm
