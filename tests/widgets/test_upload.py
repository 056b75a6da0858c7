"""Claims about the button for a file of one's own; the browser's half is in tests/browser."""

import pytest

from stablegen_lib.widgets.upload import MOST, Sent, Upload


@pytest.fixture
def heard() -> list[Sent]:
    return []


@pytest.fixture
def upload(heard: list[Sent]) -> Upload:
    return Upload("your picture", "a picture from this computer", heard.append)


def send(upload: Upload, content: dict[str, object], *buffers: bytes) -> None:
    """What the browser does."""
    upload._handle_custom_msg(content, [memoryview(buffer) for buffer in buffers])


def test_a_file_arrives_with_its_name(upload: Upload, heard: list[Sent]) -> None:
    send(upload, {"kind": "file", "name": "me.png", "size": 3}, b"abc")
    assert heard == [Sent("me.png", b"abc")]


@pytest.mark.parametrize("kind", ["too large", "unreadable"])
def test_a_file_that_was_not_sent_has_a_reason(upload: Upload, heard: list[Sent], kind: str) -> None:
    send(upload, {"kind": kind, "name": "film.tif", "size": 120_000_000})
    (sent,) = heard
    assert sent.content == b""
    assert ("120.0 MB, and at most 8 MB" in sent.problem) == (kind == "too large")
    assert ("browser cannot read" in sent.problem) == (kind == "unreadable")


def test_a_page_that_sends_too_much_all_the_same_is_not_believed(upload: Upload, heard: list[Sent]) -> None:
    send(upload, {"kind": "file", "name": "me.png", "size": 3}, bytes(MOST + 1))
    assert [sent.content for sent in heard] == [b""]
    assert "at most 8 MB" in heard[0].problem


@pytest.mark.parametrize(
    "content",
    [{}, {"kind": "file"}, {"kind": "file", "name": 7, "size": 1}, {"kind": "film", "name": "a", "size": 1}],
)
def test_other_messages_are_passed_over(
    upload: Upload, heard: list[Sent], content: dict[str, object]
) -> None:
    send(upload, content, b"abc")
    send(upload, {"kind": "file", "name": "me.png", "size": 1})
    assert heard == []
