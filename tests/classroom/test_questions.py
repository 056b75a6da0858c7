"""The bank: schema, rules, keys that are computed, sections that exist; and that faults are named."""

import pytest
import yaml

from stablegen_class import questions
from stablegen_class.computed import registered
from stablegen_class.lessons import all_lessons
from stablegen_class.questions import BadQuestion, Question, of_lesson

LESSONS = {lesson.number: lesson for lesson in all_lessons()}
CHOICE = {
    "name": "04-one", "kind": "choice", "aim": "diagnosis", "section": "1. The formula", "difficulty": 1,
    "text": "What is wrong?", "explanation": "It was so.",
    "choices": [{"text": "this one", "right": True}, {"text": "that one", "why": "It looks so."},
                {"text": "both of them", "why": "A safe bet."}],
}  # fmt: skip
NUMBER = {key: CHOICE[key] for key in ("aim", "section", "difficulty", "text", "explanation")} | {
    "name": "04-two", "kind": "number", "number": 1.5, "tolerance": 0.1,
}  # fmt: skip


def read(folder, *entries):
    filled = [*entries, *({**CHOICE, "name": f"04-more-{place}"} for place in range(8 - len(entries)))]
    text = yaml.safe_dump({"lesson": "04", "questions": filled})
    (folder / "lesson_04.yaml").write_text(text, encoding="utf-8")
    return of_lesson("04", folder)


def test_questions_are_read(tmp_path):
    choice, number = read(tmp_path, CHOICE, NUMBER)[:2]
    assert (choice.right, choice.key) == (0, "A: this one")
    assert number.key == "1.5 (± 0.1)"


@pytest.mark.parametrize(
    ("number", "tolerance", "key"),
    [(0.1045, 0.03, "0.1 (± 0.03)"), (0.3262, 0.03, "0.33 (± 0.03)"), (1094787, 500, "1,094,787 (± 500)"),
     (5.0, 0.1, "5 (± 0.1)"), (0.25, 0.0, "0.25 (± 0)"), (0.00042, 0.00005, "0.00042 (± 5e-05)")],
)  # fmt: skip
def test_a_key_is_shown_no_finer_than_its_tolerance(number, tolerance, key):
    shown = Question("04-x", "number", "computation", "s", 1, "t", "e", (), number, tolerance)
    assert shown.key == key


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"choices": [{**each, "right": True} for each in CHOICE["choices"]]},
            "exactly one choice must be right",
        ),
        (
            {"choices": [{"text": each["text"]} for each in CHOICE["choices"]]},
            "exactly one choice must be right",
        ),
        ({"choices": [CHOICE["choices"][0], *({"text": f"no {n}"} for n in range(2))]}, "must say `why`"),
        ({"choices": [CHOICE["choices"][0], *[CHOICE["choices"][1]] * 2]}, "two choices are the same"),
        ({"choices": CHOICE["choices"][:2]}, "too short"),
        ({"difficulty": 9}, "difficulty"),
        ({"aim": "guess"}, "aim"),
        ({"picture": "04-not-drawn"}, "nothing in computed/ draws"),
        ({"number": 3}, "number"),
        ({"colour": "red"}, "Additional properties"),
    ],
)
def test_a_broken_choice_is_refused_with_its_name_or_place(tmp_path, change, message):
    with pytest.raises(BadQuestion, match=message):
        read(tmp_path, CHOICE | change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tolerance": 0}, "tolerance"),
        ({"number": "one"}, "number"),
        ({"choices": CHOICE["choices"]}, "choices"),
    ],
)
def test_a_broken_number_is_refused(tmp_path, change, message):
    with pytest.raises(BadQuestion, match=message):
        read(tmp_path, NUMBER | change)


def test_a_number_without_a_key_is_refused(tmp_path):
    with pytest.raises(BadQuestion, match="must be said"):
        read(tmp_path, {key: value for key, value in NUMBER.items() if key != "number"})


def test_a_computed_key_must_be_the_right_choice(tmp_path):
    with pytest.raises(BadQuestion, match="the right choice is 'this one'"):
        read(tmp_path, CHOICE | {"name": "04-doubled-batch"})


def test_what_is_no_yaml_is_named(tmp_path):
    (tmp_path / "lesson_04.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(BadQuestion, match=r"lesson_04\.yaml is not YAML"):
        of_lesson("04", tmp_path)


@pytest.mark.parametrize("path", sorted(questions.FOLDER.glob("lesson_*.yaml")), ids=lambda path: path.stem)
def test_the_bank_keeps_its_rules(path):
    number = path.stem[-2:]
    asked = of_lesson(number)
    headings = {section.heading for section in LESSONS[number].sections}
    assert [each.name for each in asked if each.section not in headings] == []
    assert all(each.name.startswith(number) for each in asked)
    assert len({each.name for each in asked}) == len(asked) >= 8
    assert len({each.kind for each in asked}) == 2
    pictures = {each.picture for each in asked} | {
        choice.picture for each in asked for choice in each.choices
    }
    assert registered(number) - {each.name for each in asked} - pictures == set(), "nothing asks for these"
    assert sum(each.aim in ("prediction", "diagnosis") for each in asked) >= len(asked) / 2
    places = [each.right for each in asked if each.kind == "choice"]
    assert len(set(places)) > 1, "the right answer stands always in the same place"
    longest = [
        max(each.choices, key=lambda choice: len(choice.text)).is_right
        for each in asked
        if each.choices and not any(choice.picture for choice in each.choices)
    ]
    assert sum(longest) <= 0.6 * len(longest), "the longest answer is mostly the right one"
