"""The kit as a teacher and a learner open it: by double click, without a network."""

import json
import re
from pathlib import Path

import pytest

from stablegen_class.lessons import all_lessons
from stablegen_class.questions import of_lesson

LESSONS = [pytest.param(lesson.path.stem, id=lesson.number) for lesson in all_lessons()]
ASKED = [pytest.param(lesson, id=lesson.number) for lesson in all_lessons() if of_lesson(lesson.number)]
READY = "window.Reveal && Reveal.isReady() && window.MathJax && MathJax.startup && MathJax.startup.promise"
# Per slide: its place, its heading, and how far its content goes beyond the page and beyond the window.
BEYOND = """() => Reveal.getSlides().map((slide) => {
  const { h, v } = Reveal.getIndices(slide);
  Reveal.slide(h, v);
  const page = slide.getBoundingClientRect(), scale = Reveal.getScale();
  let [page_x, page_y, window_x, window_y] = [0, 0, 0, 0];
  for (const each of slide.querySelectorAll(":scope *:not(.notes):not(.notes *)")) {
    const box = each.getBoundingClientRect();
    if (!box.height || each.closest("mjx-assistive-mml")) continue;
    page_x = Math.max(page_x, (box.right - page.left) / scale - 1280);
    page_y = Math.max(page_y, (box.bottom - page.top) / scale - 720);
    window_x = Math.max(window_x, box.right - innerWidth, -box.left);
    window_y = Math.max(window_y, box.bottom - innerHeight, -box.top);
  }
  const heading = slide.querySelector("h2")?.innerText;
  return { place: `${h}/${v}`, heading, page_x, page_y, window_x, window_y };
})"""


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def show(page, kit, name, query=""):
    page.goto((kit / name).as_uri() + query)


@pytest.mark.parametrize("stem", LESSONS)
def test_every_slide_fits_the_page_and_the_window(page, kit, stem):
    show(page, kit, f"slides/{stem}.html")
    page.wait_for_function(READY)
    page.evaluate("MathJax.startup.promise")
    for width, height in ((1280, 720), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("Reveal.layout()")
        slides = page.evaluate(BEYOND)
        assert len(slides) > 15
        sides = ("page_x", "page_y", "window_x", "window_y")
        assert [slide for slide in slides if max(slide[side] for side in sides) > 1] == []
    assert page.locator("mjx-merror").count() == 0


def test_a_deck_prints_one_slide_on_each_page(page, kit):
    show(page, kit, "slides/04_log_loss.html", "?print-pdf")
    page.wait_for_function(READY)
    page.wait_for_selector("html.reveal-print .pdf-page", state="attached")
    slides = page.locator(".pdf-page").count()
    assert slides > 15
    assert pages_of(page.pdf(prefer_css_page_size=True, print_background=True)) == slides


@pytest.mark.parametrize("stem", LESSONS)
def test_a_handout_is_one_page(page, kit, stem):
    show(page, kit, f"handouts/{stem}.html")
    page.wait_for_function("window.MathJax && MathJax.startup && MathJax.startup.promise")
    page.evaluate("MathJax.startup.promise")
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 1
    assert page.locator(".pictures").bounding_box()["height"] > 150  # px: large enough to see something
    assert page.locator("mjx-merror").count() == 0


@pytest.mark.parametrize("lesson", ASKED)
def test_a_self_test_is_answered_by_keyboard(page, kit, lesson):
    asked = of_lesson(lesson.number)
    show(page, kit, f"selftests/{lesson.path.stem}.html")
    page.wait_for_function("window.MathJax && MathJax.startup && MathJax.startup.promise")
    for place, question in enumerate(asked):
        is_right = place % 2 == 0
        form, press = page.locator(f"form[id='{question.name}']"), page.keyboard
        if question.kind == "number":
            form.locator("input").focus()
            press.type(str(question.number if is_right else question.number + 2 * question.tolerance))
            press.press("Enter")
        else:
            form.locator(".choices button").first.focus()
            wrong = next(number for number, each in enumerate(question.choices) if not each.is_right)
            for _ in range(question.right if is_right else wrong):
                press.press("Tab")
            press.press("Enter")
        assert form.locator(".verdict strong").inner_text() == ("Right." if is_right else "Not so.")
        assert form.locator(".verdict p").count() > 1  # why
    right = (len(asked) + 1) // 2
    assert page.locator("#score").inner_text() == f"{right} of {len(asked)} right ({len(asked)} answered)"


@pytest.mark.parametrize("lesson", ASKED)
def test_a_self_test_fits_a_telephone(page, kit, lesson):
    page.set_viewport_size({"width": 360, "height": 740})
    show(page, kit, f"selftests/{lesson.path.stem}.html")
    page.wait_for_function("window.MathJax && MathJax.startup && MathJax.startup.promise")
    page.evaluate("MathJax.startup.promise")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360, json.dumps(wide)


@pytest.mark.parametrize("name", ["index.html", "key/04_log_loss.html"])
def test_the_other_pages_open_and_their_links_lead_somewhere(page, kit, name):
    show(page, kit, name)
    for link in page.locator("a[href]").evaluate_all("all => all.map((each) => each.href)"):
        assert not link.startswith("file:") or Path(link[7:]).exists(), link
