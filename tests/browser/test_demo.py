"""Claims about `make demo`: the same widgets without code, behind a token, from this computer only."""

import urllib.request
from pathlib import Path

import numpy as np
from expected import close, explored
from hands import drag, handle, number_of, picture, pixels, press, readout, settled, until
from playwright.sync_api import BrowserContext, Page
from servers import Server, demo, log

CODE = "from stablegen_lib"


def visit(page: Page, voila: Server, name: str) -> None:
    """Follows the link on the list of demonstrations."""
    page.goto(voila.address())
    page.get_by_role("link", name=name, exact=True).click()
    picture(page)


def test_nothing_is_served_without_the_token(voila: Server) -> None:
    for path in ("", "voila/tree", "voila/render/explorer.ipynb", "voila/render/duel.ipynb"):
        assert voila.status(path, token=True) == 200, path
        assert voila.status(path, token=False) in (302, 403), path
    assert "login" not in voila.address()


def test_notebooks_and_programs_are_never_handed_out(voila: Server) -> None:
    for path in (
        "voila/files/explorer.ipynb",
        "voila/files/../tools/demo.py",
        "api/contents",
        "files/explorer.ipynb",
    ):
        assert voila.status(path, token=True) in (403, 404), path


def test_kernels_answer_only_to_the_token(voila: Server, page: Page) -> None:
    visit(page, voila, "timeline")
    kernel = log(voila.folder).rpartition("Kernel started: ")[2].split()[0]
    assert voila.status(f"api/kernels/{kernel}/channels", token=False) == 403
    assert voila.status(f"api/kernels/{kernel}/channels", token=True) != 403


def test_it_listens_on_this_computer_only(voila: Server) -> None:
    assert "running at:\nhttp://127.0.0.1:" in log(voila.folder)


def test_the_page_shows_the_widget_and_no_code(voila: Server, page: Page) -> None:
    visit(page, voila, "explorer")
    assert page.get_by_role("heading", level=1).count() == 1
    assert CODE not in page.content()
    size = page.locator(".stablegen-panel .widget-label").first.evaluate("e => getComputedStyle(e).fontSize")
    assert float(size.removesuffix("px")) >= 18, "large type"


def test_the_explorer_follows_mouse_and_keyboard_undoes_and_shares(
    voila: Server, page: Page, context: BrowserContext
) -> None:
    visit(page, voila, "explorer")
    image, knob = picture(page), handle(page, "direction 1")
    field = page.get_by_role("textbox", name="share code")
    first = settled(image)
    assert close(first, explored(field.input_value()))
    drag(page, knob, 60)
    until(lambda: readout(knob) != "0.00", "the slider moved")
    dragged = settled(image)
    assert not np.array_equal(dragged, first)
    code = field.input_value()
    assert close(dragged, explored(code))

    page.wait_for_timeout(1000)  # what follows quickly would count as one change with the drag
    before = number_of(image)
    knob.focus()
    page.keyboard.press("ArrowRight")
    until(lambda: number_of(image) > before, "the keyboard draws")
    assert close(settled(image), explored(field.input_value()))
    for _ in range(2):
        press(page, "undo")
    until(lambda: np.array_equal(pixels(image), first), "undo brings the earlier pixels back")

    second = context.new_page()
    visit(second, voila, "explorer")
    other = second.get_by_role("textbox", name="share code")
    other.fill(code)
    other.press("Enter")
    until(lambda: close(pixels(picture(second)), dragged), "the code restores the picture in another page")


def test_the_timeline_scrubs_and_plays(voila: Server, page: Page) -> None:
    visit(page, voila, "timeline")
    image, knob = picture(page), handle(page, "step")
    last = settled(image)
    drag(page, knob, -120)
    until(lambda: readout(knob) != "1,200", "the slider moved")
    assert not np.array_equal(settled(image), last)
    before = number_of(image)
    press(page, "play")
    until(lambda: number_of(image) > before + 2, "it plays")
    press(page, "play")


def test_a_page_that_is_closed_or_left_takes_its_kernel_along(voila: Server, context: BrowserContext) -> None:
    """Opened by its own address: the list, which sets the cookie that leaving needs, was never seen."""
    second = context.new_page()
    for leave in (lambda: second.goto("about:blank"), lambda: second.close(run_before_unload=True)):
        second.goto(voila.address("voila/render/timeline.ipynb"))
        picture(second)
        kernel = log(voila.folder).rpartition("Kernel started: ")[2].split()[0]
        leave()
        until(lambda: f"Kernel shutdown: {kernel}" in log(voila.folder), "the kernel ends")  # noqa: B023


def test_a_page_whose_program_was_ended_says_so_and_begins_anew(voila: Server, page: Page) -> None:
    visit(page, voila, "timeline")
    ended = page.get_by_text("This page's program has ended.")
    assert not ended.is_visible()
    kernel = log(voila.folder).rpartition("Kernel started: ")[2].split()[0]
    address = urllib.request.Request(voila.address(f"voila/api/shutdown/{kernel}"), method="POST")
    urllib.request.urlopen(address, timeout=30).close()
    ended.wait_for()
    page.get_by_role("button", name="begin anew").click()
    until(lambda: not ended.is_visible(), "another program has begun")
    settled(picture(page))


def test_one_page_too_many_says_so_and_opens_when_a_place_is_free(
    page: Page, context: BrowserContext, tmp_path: Path
) -> None:
    (tmp_path / "small").mkdir()
    with demo(tmp_path / "small", "--DemoKernels.most=1") as small:
        visit(page, small, "timeline")
        second = context.new_page()
        answer = second.goto(small.address("voila/render/timeline.ipynb"))
        assert answer is not None
        assert answer.status == 503
        assert second.get_by_role("heading", level=1).inner_text() == "All places are taken"
        assert "1 page is open" in second.get_by_role("alert").inner_text()
        assert small.status("voila/tree", token=True) == 200, "the list is still shown"
        page.close(run_before_unload=True)
        until(lambda: tried_again(second) == 200, "the place is free")
        picture(second)


def tried_again(page: Page) -> int:
    with page.expect_navigation() as answer:
        page.get_by_role("button", name="try again").click()
    return answer.value.status
