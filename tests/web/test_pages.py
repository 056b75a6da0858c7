"""Every page of the site: nothing from other hosts, no complaint, readable by everybody."""

import json

import pytest
from site_pages import AXE, PAGES

READY = """async () => {
  await document.fonts.ready;
  const live = [...document.querySelectorAll("[data-live]")];
  const there = () => live.every((place) => "ready" in place.dataset);
  for (let i = 0; i < 600 && !there(); i++) await new Promise((done) => setTimeout(done, 100));
  return there();
}"""
SERIOUS = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  const serious = found.violations.filter(({impact}) => ["serious", "critical"].includes(impact));
  return serious.map(({id, nodes}) => `${id}: ${nodes.slice(0, 3).map(({html}) => html).join(" ")}`);
}"""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_keeps_to_itself_and_is_readable_by_everybody(watched, name):
    page = watched.open(name)
    assert page.evaluate(READY), "a live part did not come to life"
    page.add_script_tag(path=str(AXE))
    assert page.evaluate(SERIOUS) == []
    assert watched.foreign == []
    assert watched.complaints == []


@pytest.mark.parametrize(
    "name", ["index.html", "notebooks/06_latent_exploration.html", "explore.html", "api/log_loss.html"]
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_light_and_dark_are_readable_and_nothing_is_wider_than_a_phone(watched, name, theme):
    watched.page.set_viewport_size({"width": 360, "height": 740})
    watched.page.add_init_script(f"localStorage.setItem('theme', {json.dumps(theme)})")
    page = watched.open(name)
    assert page.evaluate(READY)
    page.add_script_tag(path=str(AXE))
    assert page.evaluate(SERIOUS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_axe_finds_what_is_wrong(watched):
    page = watched.open("index.html")
    page.evaluate("document.querySelector('article img').removeAttribute('alt')")
    page.add_script_tag(path=str(AXE))
    assert any("image-alt" in found for found in page.evaluate(SERIOUS))


def test_search_finds_a_term(watched):
    page = watched.open("search.html?q=truncation")
    page.wait_for_selector("#search-results li")
    assert "06" in page.inner_text("#search-results")
