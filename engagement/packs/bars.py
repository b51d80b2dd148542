"""A bar as a picture, for Word, which draws none by itself."""

import io

from PIL import Image, ImageDraw

_SIZE = (420, 40)
_INK, _EDGE = "#4c6272", "#aeb7bd"


def bar(share: float) -> io.BytesIO:
    """A line as long as this share of the whole, as PNG."""
    picture = Image.new("RGB", _SIZE, "white")
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle((0, 0, _SIZE[0] - 1, _SIZE[1] - 1), outline=_EDGE)
    if share:
        drawing.rectangle((0, 0, max(4, round(share * (_SIZE[0] - 1))), _SIZE[1] - 1), fill=_INK)
    file = io.BytesIO()
    picture.save(file, "PNG")
    file.seek(0)
    return file
