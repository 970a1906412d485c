"""A drawing as it stands in the page: named, described, each mark bound to its result."""

from __future__ import annotations

import re
from html import escape

from remit.report.figures.style import FONT

_BOUND = re.compile(r' aria-label="result ([^"]*)"')
_ROLES = re.compile(r' (?:aria-[a-z]+|role)="[^"]*"')
_SIZE = re.compile(r'<svg [^>]*viewBox="([^"]*)"[^>]*>')
_NAMES = re.compile(r'(\bid="|url\(#|href="#)')
# What is so without being said, or what nobody asks for; the font stands once, at the root.
_NOISE = re.compile(
    r' (?:pointer-events="none"|stroke-miterlimit="10"|aria-hidden="true"|opacity="1"|font-weight="normal"'
    r'|text-anchor="start"|class="[^"]*"|font-family="[^"]*")'
)


def in_page(svg: str, name: str, alt: str) -> str:
    """`alt` is what the drawing shows, in words. The inner roles go: to a reader of the page it is one picture."""
    svg = _BOUND.sub(r' data-result="\1"', svg)
    svg = _ROLES.sub("", _NOISE.sub("", svg))
    svg = _NAMES.sub(rf"\g<1>{name}-", svg)
    head = (
        rf'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{_safe(alt)}" viewBox="\1" '
        f'font-family="{FONT}">'
    )
    return _SIZE.sub(head, svg, count=1)


def _safe(text: str) -> str:
    return escape(text, quote=True).replace("\\", r"\\")
