"""Run as a process: warms up; draws each line {name: specification} of standard input when it comes; writes
{name: SVG} on standard output at the end."""

from __future__ import annotations

import json
import sys
from typing import Any

VERSION = "v5.20"  # of Vega-Lite: the same figure from each version of vl-convert that has it
_SMALLEST = {"data": {"values": [{"x": 1}]}, "mark": "text", "encoding": {"text": {"field": "x"}}}


def draw(spec: dict[str, Any]) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, vl_version=VERSION, allowed_base_urls=[]))


def main() -> None:
    draw(_SMALLEST)
    drawn: dict[str, str] = {}
    for line in sys.stdin:
        drawn |= {name: draw(spec) for name, spec in json.loads(line).items()}
    json.dump(drawn, sys.stdout, ensure_ascii=True)


if __name__ == "__main__":
    main()
