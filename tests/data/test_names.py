"""Claims about names that people read: every raw name has words, and the words lead back to it."""

import re

import pytest
import torch

from stablegen_lib import augmentation, data, metrics
from stablegen_lib.data import names

RAW = re.compile(r"[a-z][A-Z]|(?<!\()#[0-9a-f]{6}")  # camelCase, or a hex code with no word before it
SETS = {"faces": data.load_faces, "peeps": data.load_peeps, "digits": data.load_digits}


@pytest.fixture(scope="module", params=SETS)
def images(request):
    return SETS[request.param]("validation")


def test_every_attribute_and_value_has_words_that_lead_back(images):
    known = data.condition_values(images.condition_names)
    for name in images.condition_names:
        attribute, _, value = name.partition("=")
        words = names.value_words(attribute, value)
        assert names.raw_attribute(names.attribute_words(attribute)) == attribute
        assert names.raw_value(words) == value
        assert words in known[attribute]
        assert not RAW.search(names.condition_words(name)), name
        assert not words.startswith("colour ("), "each colour of the course has a word"


def test_words_are_unique_within_an_attribute_and_attributes_within_a_set(images):
    assert len(images.groups) == len({name.partition("=")[0] for name in images.condition_names})
    for values in data.condition_values(images.condition_names).values():
        assert len(set(values)) == len(values)


def test_words_keywords_and_raw_names_build_the_same_condition(images):
    x = images.conditions[0]
    for column, name in enumerate(images.condition_names):
        attribute, _, value = name.partition("=")
        spoken = names.attribute_words(attribute)
        by_words = images.condition(**{spoken.replace(" ", "_"): names.value_words(attribute, value)})
        assert by_words[column] == 1
        assert torch.equal(by_words, images.condition(**{attribute: value}))
        replaced = [
            data.replace_attribute(x, images.condition_names, attribute=one, value=other)
            for one, other in ((spoken, value.removeprefix("#")), (attribute, value))
        ]
        assert torch.equal(*replaced)


def test_a_word_will_do_where_it_means_one_colour_and_else_the_colours_are_listed():
    faces = data.load_faces("validation")
    assert torch.equal(faces.condition(hair_colour="red"), faces.condition(hairColor="#bd1700"))
    with pytest.raises(
        ValueError, match=r"several .*'brown'; choose from brown \(#603015\), brown \(#603a14\)"
    ):
        faces.condition(hair_colour="brown")


@pytest.mark.parametrize(
    "asked", [{"nose": "long"}, {"hairColor": "mauve"}, {"skin": "#123456"}, {"primaryBackgroundColor": "1"}]
)
def test_errors_are_in_words(asked):
    with pytest.raises(ValueError, match="choose from") as error:
        data.load_faces("validation").condition(**asked)
    assert not RAW.search(str(error.value))


@pytest.mark.parametrize("choose", [metrics.only, augmentation.with_only])
def test_measures_take_words_and_raw_names_and_refuse_in_words(choose):
    faces = data.load_faces("validation")
    one, other = (choose(faces, name) for name in ("hair colour", "hairColor"))
    if isinstance(one, data.ImageSet):
        one, other = one.conditions, other.conditions
    assert torch.equal(one, other)
    with pytest.raises(ValueError, match=r"'nose'; choose from glasses, .*hair colour, skin, background"):
        choose(faces, "nose")


def test_a_dict_by_attribute_answers_to_both_names_and_lists_words():
    groups = data.ByAttribute({"hairColor": 1, "hat": 2})
    assert list(groups) == ["hair colour", "hat"]
    assert groups["hairColor"] == groups["hair_colour"] == groups.get("hair colour") == 1
    assert "hairColor" in groups
    assert "skin" not in groups
    assert groups.get("skin", 3) == 3
    with pytest.raises(KeyError, match="choose from hair colour, hat"):
        groups["skinColor"]
    with pytest.raises(ValueError, match="same name"):
        data.ByAttribute({"hairColor": 1, "hair colour": 2})


def test_a_colour_without_a_word_says_so_and_other_names_are_their_own_words():
    assert names.value_words("hairColor", "#123456") == "colour (#123456)"
    assert names.value_words("style", "toonHead") == "toon head"
    assert names.raw_value("toon head") == "toonHead"
    assert names.value_words("folder", "cats") == names.raw_value("cats") == "cats"
    assert names.attribute_words("folder") == names.raw_attribute("folder") == "folder"


def test_twins_are_found_by_words_and_by_the_name_in_the_file():
    twins = data.load_twins()
    assert not any(RAW.search(kind) for kind in twins.kinds)
    assert torch.equal(twins.of("hairColor").persons, twins.of("hair colour").persons)


def test_the_table_of_measures_is_in_words():
    judge = metrics.AttributeClassifier.load(data.data_dir() / "weights" / "faces_classifier.safetensors")
    assert judge.condition_names == data.load_faces("test").condition_names, "files keep the raw names"
    faces = data.load_faces("validation")
    few = faces[:60]
    told = metrics.report(
        data.to_unit_range(few.images), few.conditions, judge=judge, training=faces[60:300],
        reference=faces[300:360], other=faces[360:420], same=("hat",),
    )  # fmt: skip
    assert "as asked: hair colour" in str(told)
    assert not RAW.search(str(told))
