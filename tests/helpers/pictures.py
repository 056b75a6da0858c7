"""Picture files made byte by byte: kinds that Pillow reads and does not write."""

import struct
import zlib

PLANES, CONTIGUOUS = 2, 1
UNSIGNED, SIGNED, FRACTIONS = 1, 2, 3


def chunk(kind: bytes, content: bytes) -> bytes:
    """A piece of a PNG file."""
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def png(width: int, height: int, body: bytes, *more: bytes, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG file around a compressed body; ``more`` are chunks before it."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def plain_png(row: bytes, *more: bytes, depth: int, colour: int) -> bytes:
    """Eight equal rows of eight pixels."""
    return png(8, 8, zlib.compress((b"\0" + row) * 8), *more, depth=depth, colour=colour)


def tiff(
    pixels: bytes,
    *,
    bits: tuple[int, ...] = (8,),
    photometric: int = 1,
    kind: int = UNSIGNED,
    planar: int = CONTIGUOUS,
    order: str = "<",
    more: dict[int, tuple[int, ...]] | None = None,
) -> bytes:
    """An uncompressed TIFF of 8 by 8 pixels, in one strip for each plane."""
    planes = len(bits) if planar == PLANES else 1
    length = len(pixels) // planes
    tags: dict[int, tuple[int, ...]] = {
        256: (8,),
        257: (8,),
        258: bits,
        259: (1,),
        262: (photometric,),
        273: tuple(8 + length * plane for plane in range(planes)),
        277: (len(bits),),
        278: (8,),
        279: (length,) * planes,
        284: (planar,),
        339: (kind,) * len(bits),
        **(more or {}),
    }
    place = 8 + len(pixels) + 2 + 12 * len(tags) + 4
    entries, behind = b"", b""
    for tag, values in sorted(tags.items()):
        stored = struct.pack(f"{order}{len(values)}I", *values)
        if len(values) > 1:
            behind, stored = behind + stored, struct.pack(f"{order}I", place + len(behind))
        entries += struct.pack(f"{order}HHI", tag, 4, len(values)) + stored
    mark = b"II*\0" if order == "<" else b"MM\0*"
    start = struct.pack(f"{order}I", 8 + len(pixels))
    return mark + start + pixels + struct.pack(f"{order}H", len(tags)) + entries + bytes(4) + behind


def gif(screen: tuple[int, int], frame: tuple[int, int, int, int], *, clear: bool = False) -> bytes:
    """A GIF whose only frame (left, top, width, height) is red, on a screen whose background is blue."""
    head = b"GIF89a" + struct.pack("<HHBBB", *screen, 0x80, 1, 0) + bytes([255, 0, 0, 0, 0, 255])
    control = b"\x21\xf9\x04\x01\0\0\x01\0" if clear else b""
    left, top, width, height = frame
    codes = [4, *[code for _ in range(width * height) for code in (0, 4)][:-1], 5]  # cleared after each pixel
    bits = "".join(f"{code:03b}"[::-1] for code in codes)
    data = bytes(int(bits[i : i + 8][::-1], 2) for i in range(0, len(bits), 8))
    parts = [data[i : i + 255] for i in range(0, len(data), 255)]
    blocks = b"".join(bytes([len(part)]) + part for part in parts)
    frame_head = b"," + struct.pack("<HHHHB", left, top, width, height, 0)
    return head + control + frame_head + b"\x02" + blocks + b"\0;"
