"""The marks of a legend, around the origin and some twelve pixels wide."""

from __future__ import annotations

from html import escape

_SHAPES = {
    "circle": '<circle r="4.6" fill="{}"/>',
    "square": '<rect x="-4.2" y="-4.2" width="8.4" height="8.4" fill="{}" stroke="#5c5c5c" stroke-width=".6"/>',
    "diamond": '<path d="M0,-5.8L4.6,0L0,5.8L-4.6,0Z" fill="{}"/>',
    "triangle-up": '<path d="M0,-5L5,4.2L-5,4.2Z" fill="{}"/>',
    "triangle-right": '<path d="M-4,-5L5.5,0L-4,5Z" fill="{}"/>',
    "triangle-down": '<path d="M0,5L5,-4.2L-5,-4.2Z" fill="{}"/>',
    "ring": '<circle r="4.2" fill="none" stroke="{}" stroke-width="1.8"/>',
    "line": '<path d="M-7,0H7" stroke="{}" stroke-width="1.6"/>',
    "bar": '<path d="M-7,-3.5H7V3.5H-7Z" fill="{}"/>',
    "frame": '<path d="M-6.5,-3H6.5V3H-6.5Z" fill="none" stroke="{}"/>',
    "cross": '<path d="M-5,-1.8H-1.8V-5H1.8V-1.8H5V1.8H1.8V5H-1.8V1.8H-5Z" fill="{}"/>',
}


def symbol_of(shape: str, colour: str) -> str:
    """A piece of SVG."""
    return _SHAPES[shape].format(escape(colour))
