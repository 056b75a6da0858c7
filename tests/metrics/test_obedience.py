"""Claims about "as asked": at once means at once, and chance is what one answer for everybody gets."""

import examples
import pytest
import torch

from stablegen_lib import metrics
from stablegen_lib.data import ByAttribute

VERDICT = ByAttribute(
    {"hat": torch.tensor([True, True, False, True]), "hairColor": torch.tensor([True, False, True, True])}
)


def test_several_attributes_are_as_asked_when_all_of_them_are_at_once():
    assert metrics.as_asked(VERDICT, "hat") == metrics.as_asked(VERDICT, "hair colour") == 0.75
    assert metrics.as_asked(VERDICT) == metrics.as_asked(VERDICT, "hat", "hairColor") == 0.5
    with pytest.raises(ValueError, match="hair colour"):
        metrics.as_asked(VERDICT, "monocle")


def test_the_usual_condition_has_one_value_of_each_attribute_the_most_frequent():
    faces = examples.faces("train")[:500]
    usual = metrics.usual_condition(faces)
    for part in faces.groups.values():
        assert usual[part].sum() == 1
        assert usual[part].argmax() == faces.conditions[:, part].sum(dim=0).argmax()


def test_the_constant_answer_is_right_where_the_usual_value_is_asked_for():
    faces, asked = examples.faces("train")[:500], examples.faces("test")[:300].conditions
    chance = metrics.constant_answer(asked, faces)
    hat = faces.groups["hat"]
    share = asked[:, hat][:, int(faces.conditions[:, hat].sum(dim=0).argmax())].mean()
    assert metrics.as_asked(chance, "hat") == pytest.approx(float(share), abs=1e-6)
    assert metrics.as_asked(chance) < 0.05, "eight at once by chance"
    everybody = metrics.usual_condition(faces).expand(7, -1)
    assert metrics.as_asked(metrics.constant_answer(everybody, faces)) == 1


def test_it_is_picked_from_the_pictures_that_are_known_and_not_from_what_is_asked():
    faces = examples.faces("train")[:500]
    rare = faces.conditions.clone()
    rare[:, faces.groups["hat"]] = 1 - rare[:, faces.groups["hat"]]  # now most wear a hat
    turned = metrics.as_asked(metrics.constant_answer(rare, faces), "hat")
    assert turned == pytest.approx(
        1 - metrics.as_asked(metrics.constant_answer(faces.conditions, faces), "hat")
    )


def test_conditions_of_another_data_set_are_refused():
    with pytest.raises(ValueError, match="35 entries"):
        metrics.constant_answer(torch.zeros(3, 4), examples.faces("train")[:10])


def test_the_table_has_a_row_for_each_attribute_and_one_for_all_at_once():
    lines = metrics.as_asked_table({"generated": VERDICT, "constant": VERDICT}).splitlines()
    assert lines[0].split() == ["as", "asked", "generated", "constant"]
    assert [line.split()[-1] for line in lines[1:]] == ["0.75", "0.75", "0.50"]
    assert lines[-1].startswith("all 2 at once")
    assert len({len(line) for line in lines}) == 1, "aligned"
    one = metrics.as_asked_table({"generated": VERDICT}, ["hat"], digits=3)
    assert [line.split() for line in one.splitlines()[1:]] == [["hat", "0.750"]], "one row needs no sum"
    assert len({len(line) for line in one.splitlines()}) == 1
    with pytest.raises(ValueError, match="at least one column"):
        metrics.as_asked_table({})
