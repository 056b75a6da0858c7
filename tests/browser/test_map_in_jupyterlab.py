"""The map of the course in JupyterLab leads to the lessons."""

from hands import run_notebook, until
from playwright.sync_api import Page
from servers import Server, write_notebook

from stablegen_lib import LESSONS

MAP = """from stablegen_lib import course

course.progress()"""


def test_a_lesson_on_the_map_opens_beside_it(lab: Server, page: Page) -> None:
    write_notebook(lab.folder / "map.ipynb", MAP)
    run_notebook(page, lab, "map.ipynb")
    table = page.get_by_role("table", name="The map of the course")
    assert table.get_by_role("rowheader").count() == len(LESSONS)
    table.get_by_role("link", name="01 Data").click()
    tabs = page.locator(".lm-DockPanel-tabBar .lm-TabBar-tabLabel")
    until(lambda: "01_data.ipynb" in tabs.all_inner_texts(), "the lesson opens")
