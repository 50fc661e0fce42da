"""The app's two icons, drawn: a speech bubble with a quotation mark. A PNG is written by hand, as it takes no library to do it. Pure."""

import struct
import zlib
from collections.abc import Callable, Iterator

COLOUR = (0x0B, 0x5A, 0x5A)  # the page's own
ACCENT = f"#{bytes(COLOUR).hex().upper()}"
LARGE, SMALL = 192, 32  # pixels, as Teams wants them
_TOP, _TIP, _LEFT = 0.74, 0.96, 0.26  # of the bubble's tail, in parts of the icon
_BEND, _UNDER = -0.02, 0.38  # where the tail of a quotation mark begins
_FINE = 4  # samples a pixel and way, so that edges are smooth
_CLEAR, _WHITE = (255, 255, 255, 0), (255, 255, 255, 255)

Point = tuple[float, float]
Pixel = tuple[int, int, int, int]


def colour() -> bytes:
    """The icon in colour: white on a full square."""
    return _png(LARGE, lambda at: _WHITE if _drawn(at, 0.62) else (*COLOUR, 255))


def outline() -> bytes:
    """The icon in white on nothing, for where Teams chooses the colours."""
    return _png(SMALL, lambda at: _WHITE if _drawn(at, 1.0) else _CLEAR)


def _drawn(at: Point, scale: float) -> bool:
    """Whether a point of the unit square lies in the drawing, which is so large."""
    x, y = (at[0] - 0.5) / scale + 0.5, (at[1] - 0.5) / scale + 0.5
    return _bubble(x, y) and not any(_comma(x - left, y) for left in (0.34, 0.6))


def _bubble(x: float, y: float) -> bool:
    """A rounded box with a tail below."""
    dx, dy = max(abs(x - 0.5) - 0.3, 0.0), max(abs(y - 0.43) - 0.19, 0.0)
    tail = _TOP < y < _TIP and _LEFT < x < _LEFT + (_TIP - y) * 1.1
    return dx * dx + dy * dy < 0.15**2 or tail


def _comma(x: float, y: float) -> bool:
    """Half of a quotation mark: a dot with a tail that bends to the left."""
    dot = (x - 0.04) ** 2 + (y - _UNDER) ** 2 < 0.085**2
    bow = 0.10**2 < (x + 0.03) ** 2 + (y - 0.39) ** 2 < 0.155**2 and x > _BEND and y > _UNDER
    return dot or bow


def _png(size: int, paint: Callable[[Point], Pixel]) -> bytes:
    rows = b"".join(b"\0" + bytes(v for x in range(size) for v in _smooth(x, y, size, paint)) for y in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)  # eight bits for each of red, green, blue and how solid it is
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")))


def _smooth(x: int, y: int, size: int, paint: Callable[[Point], Pixel]) -> Iterator[int]:
    """A pixel as the mean of its samples."""
    step = 1 / (size * _FINE)
    found = [paint((x / size + (i + 0.5) * step, y / size + (j + 0.5) * step)) for i in range(_FINE) for j in range(_FINE)]
    return (round(sum(values) / len(found)) for values in zip(*found, strict=True))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
