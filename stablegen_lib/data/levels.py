"""Levels and transparency where Pillow leaves them as they are stored: every bit depth ends in 8 bits."""

import io
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool
from PIL import Image, ImageFile, ImagePalette, TiffImagePlugin

Box = tuple[int, int, int, int]
Content = io.BufferedReader | io.BytesIO  # of a file

_KNOWN_RANGE = {"IM", "JPEG2000", "PNG", "PPM", "TIFF"}  # 16-bit grey in these is 0 (black) to 65535
_ROWS = 256  # looked at together, where a mask is made


class Refused(ValueError):
    """A picture that can be decoded, but not rightly, or not in reasonable memory; says why."""


@dataclass(frozen=True)
class Levels:
    """What it takes to turn decoded pixels into colours.

    Attributes:
        white: The level of white, in 16-bit grey and in few-bit JPEG 2000.
        inverted: Whether 16-bit grey counts from white to black.
        shown: 0 where the picture has nothing to show, 255 elsewhere; None: everywhere.
        opaque: Whether the fourth channel is no transparency.
    """

    white: int = 65535
    inverted: bool = False
    shown: Image.Image | None = None
    opaque: bool = False

    def to_rgb(self, image: Image.Image, box: Box) -> Image.Image:
        """A part of a decoded picture in 8-bit colour, on white."""
        part = image.crop(box)
        if part.mode.startswith("I"):
            part = self._from_16_bit(part)
        elif self.white < 256:
            table = [min(255, round(level * 255 / self.white)) for level in range(256)]
            part = part.point(table * len(part.getbands()))
        part = _on_white(part) if part.has_transparency_data and not self.opaque else part.convert("RGB")
        if self.shown is not None:
            part = Image.composite(part, Image.new("RGB", part.size, "white"), self.shown.crop(box))
        return part

    def _from_16_bit(self, part: Image.Image) -> Image.Image:
        values = np.asarray(part)
        levels = (values * np.float32(255 / self.white)).round().clip(0, 255).astype(np.uint8)
        if self.inverted:
            levels = 255 - levels
        clear = part.info.get("transparency")
        if clear is not None:
            levels[values == clear] = 255
        return Image.fromarray(levels)


def prepared(image: Image.Image, content: Content) -> Levels:
    """What an opened picture needs; called before it is decoded, it also mends palette and key colour.

    Raises:
        Refused: If its numbers have no known range.
    """
    if image.mode == "F":
        raise Refused("fractions as grey values, whose range is not known")
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return _of_tiff(image)
    if image.mode.startswith("I") and image.format not in _KNOWN_RANGE:
        raise Refused(f"grey values of more than 8 bits in {image.format}, whose range is not known")
    if image.mode == "I" and image.format != "PPM":
        raise Refused("32-bit grey values, whose range is not known")
    match image.format:
        case "PNG":
            return _of_png(image, content)
        case "GIF":
            return _of_gif(image)
        case "TGA":
            return _of_tga(content)
        case "JPEG2000":
            return _of_jpeg_2000(image, content)
    return Levels()


def _on_white(part: Image.Image) -> Image.Image:
    if part.mode == "La":
        part = part.convert("LA")
    layer = part.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


def _of_tiff(image: TiffImagePlugin.TiffImageFile) -> Levels:
    tags = image.tag_v2
    if 2 in tags.get(TiffImagePlugin.SAMPLEFORMAT, ()):
        raise Refused("signed grey values, whose range is not known")
    if image.mode == "I":
        raise Refused("32-bit grey values, whose range is not known")
    if image.mode in ("LA", "La", "PA") and tags.get(TiffImagePlugin.PLANAR_CONFIGURATION) == 2:
        raise Refused("grey and transparency in planes of their own, which Pillow mixes up")
    colours = tags.get(TiffImagePlugin.COLORMAP)
    if image.mode in ("P", "PA") and colours and max(colours) < 256:  # 8 bits where 16 belong
        image.palette = ImagePalette.raw("RGB;L", bytes(colours))
    if not image.mode.startswith("I"):
        return Levels()
    depth = tags.get(TiffImagePlugin.BITSPERSAMPLE, (16,))[0]
    white_is_zero = tags.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) == 0
    return Levels(white=2**depth - 1, inverted=white_is_zero)


def _of_png(image: Image.Image, content: Content) -> Levels:
    """The key colour is stored with the depth of the file, and Pillow compares it at 8 bits."""
    key = image.info.get("transparency")
    depth = _bytes_at(content, 24, 1)[0]
    if isinstance(key, int) and image.mode == "L":
        image.info["transparency"] = key % 2**depth * 255 // (2**depth - 1)
    elif isinstance(key, tuple) and depth == 8:
        image.info["transparency"] = tuple(level % 256 for level in key)
    elif isinstance(key, tuple):
        del image.info["transparency"]
        return Levels(shown=_unless_key(content, key))
    return Levels()


def _unless_key(content: Content, key: tuple[int, ...]) -> Image.Image:
    """0 where both bytes of all three channels are those of the key colour."""
    before = content.tell()
    same = _bytes_equal(content, "RGB;16B", bytes(level >> 8 for level in key))
    same &= _bytes_equal(content, "RGB;16L", bytes(level & 255 for level in key))
    content.seek(before)
    return Image.fromarray(np.where(same, np.uint8(0), np.uint8(255)))


def _bytes_equal(content: Content, unpacked_as: str, key: bytes) -> Bool[np.ndarray, "height width"]:
    content.seek(0)
    with Image.open(content, formats=["PNG"]) as half:
        half.tile = [tile._replace(args=unpacked_as) for tile in half.tile]
        half.load()
        equal = np.empty((half.height, half.width), dtype=bool)
        for top in range(0, half.height, _ROWS):
            rows = half.crop((0, top, half.width, min(top + _ROWS, half.height)))
            red, green, blue = (
                np.asarray(band) == level for band, level in zip(rows.split(), key, strict=True)
            )
            equal[top : top + _ROWS] = red & green & blue
    return equal


def _of_gif(image: Image.Image) -> Levels:
    """A first frame smaller than the screen: Pillow fills the rest with a colour, browsers leave it clear."""
    frame = image.tile[0].extents if isinstance(image, ImageFile.ImageFile) and image.tile else None
    if frame is None or frame == (0, 0, *image.size):
        return Levels()
    shown = Image.new("L", image.size, 0)
    shown.paste(255, frame)
    return Levels(shown=shown)


def _of_tga(content: Content) -> Levels:
    """The fourth byte of a pixel is transparency only if the header says how many of its bits are."""
    return Levels(opaque=not _bytes_at(content, 17, 1)[0] & 15)


def _of_jpeg_2000(image: Image.Image, content: Content) -> Levels:
    """Fewer than 8 bits are moved to the upper end of a byte: white is not yet 255."""
    head = _bytes_at(content, 0, 4096)
    place = head.find(b"\xff\x4f\xff\x51")  # start of the codestream and its sizes
    depth = (head[place + 42] & 127) + 1 if 0 <= place < len(head) - 42 else 8
    return Levels(white=65535 if image.mode.startswith("I") or depth >= 8 else 256 - 2 ** (8 - depth))


def _bytes_at(content: Content, place: int, count: int) -> bytes:
    before = content.tell()
    content.seek(place)
    found = content.read(count)
    content.seek(before)
    return found
