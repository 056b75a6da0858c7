"""The exported page in Chromium, opened from the disk: what the notebook shows, without a network."""

import re

import pytest
import tiny
import torch
from browsers import profile
from javascript import assert_same_bytes
from playwright.sync_api import sync_playwright

from stablegen_lib import data, sharing
from stablegen_lib.stablegen import StableGen
from stablegen_lib.widgets.explorer.scene import Scene

PIXELS = """() => {
  const canvas = document.querySelector("canvas.picture");
  return [canvas.width, ...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data];
}"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with sync_playwright() as playwright:
        opened = profile(playwright, tmp_path_factory.mktemp("browser") / "profile", width=1000, height=900)
        yield opened
        opened.close()


def exported(model, folder, card):
    return sharing.export_page(model, folder, title="Squares & <more>", card=card, seed=3)


def shown(page) -> torch.Tensor:
    width, *values = page.evaluate(PIXELS)
    return torch.tensor(values).reshape(-1, width, 4)[:, :, :3].permute(2, 0, 1).to(torch.uint8)


def test_the_folder_holds_page_model_and_card(trained, card, tmp_path):
    model, _ = trained
    path = exported(model, tmp_path / "new" / "folder", card)
    assert sorted(each.name for each in path.parent.iterdir()) == [
        "README.md",
        "index.html",
        "model.safetensors",
    ]
    assert path.with_name("README.md").read_text(encoding="utf-8") == card
    again = StableGen.load(path.with_name("model"))
    assert torch.equal(again.sample(conditions=x(model), seed=1), model.sample(conditions=x(model), seed=1))


def x(model) -> torch.Tensor:
    return torch.eye(len(model.condition_names))[:1]


def test_the_page_names_no_other_host(trained, card, tmp_path):
    text = exported(trained[0], tmp_path, card).read_text(encoding="utf-8")
    assert not re.findall(r'(?:src|href)\s*=\s*"(?!data:)[^"]*"', text)
    assert "Squares &amp; &lt;more&gt;" in text


@pytest.mark.parametrize("channels", [3, 1])
def test_a_double_click_shows_exactly_the_notebooks_pictures(channels, card, tmp_path, browser):
    model = StableGen.for_images(own_pictures(channels), latent_dim=20, width=8, seed=1)
    scene = Scene(model, {}, 6)
    page, said, asked = browser.new_page(), [], []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    state = scene.start(seed=11).moved(2, -1.7)
    path = exported(model, tmp_path, card)
    page.goto(f"{path.as_uri()}#{state.encode(scene.model_id)}")
    page.wait_for_selector("#explorer[data-ready]")
    page.wait_for_function("document.querySelector('#explorer').page.drawn > 0")
    page.wait_for_function("document.querySelector('.words').textContent.includes('seed 11')")
    assert_same_bytes(shown(page), data.to_bytes(scene.images(state))[0].expand(3, -1, -1))
    page.get_by_label("show").select_option("16")
    page.wait_for_function("document.querySelector('.words').textContent.startsWith('16 pictures')")
    assert shown(page).shape == (3, 4 * 17 + 1, 4 * 17 + 1)
    assert "Ask for" not in page.inner_text("body")
    assert [url[:60] for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []
    page.close()


def test_a_preview_shows_title_and_first_pictures_and_not_the_weights(trained, card, tmp_path):
    path = exported(trained[0], tmp_path, card)
    shown = sharing.preview(path).data
    assert "Squares &amp; &lt;more&gt;" in shown
    (picture,) = re.findall(r'src="(data:image/png;base64,[^"]+)" alt="Sixteen generated pictures"', shown)
    assert picture in path.read_text(encoding="utf-8")
    assert "<script" not in shown
    assert "What it cannot do" not in shown


def test_a_preview_of_something_else_is_refused(tmp_path):
    other = tmp_path / "other.html"
    other.write_text("<h1>Another</h1>", encoding="utf-8")
    with pytest.raises(ValueError, match=r"other\.html is another one"):
        sharing.preview(other)
    with pytest.raises(FileNotFoundError):
        sharing.preview(tmp_path / "none.html")


def own_pictures(channels: int) -> data.ImageSet:
    return data.ImageSet(torch.zeros(2, channels, 16, 16, dtype=torch.uint8), torch.zeros(2, 0), (), "own")


def test_what_has_no_pictures_is_refused(card, tmp_path):
    with pytest.raises(ValueError, match="a generator of pictures was needed"):
        exported(StableGen.for_points(width=4), tmp_path, card)
    with pytest.raises(ValueError, match="a title and a model card"):
        sharing.export_page(tiny.model(tiny.pictures()), tmp_path, title=" ", card=card)
    assert list(tmp_path.iterdir()) == []


def test_without_the_repository_it_says_what_is_missing(trained, card, tmp_path, monkeypatch):
    monkeypatch.setattr("stablegen_lib.sharing.page.WEB", tmp_path / "web")
    with pytest.raises(FileNotFoundError, match="Clone the whole repository"):
        exported(trained[0], tmp_path, card)
