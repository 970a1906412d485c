"""How an editor sees a study file: a plain scalar is a number, yes or no, or nothing, if YAML says so."""

from __future__ import annotations

import re
from typing import Any

import yaml

NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
TRUE_1_2, FALSE_1_2 = ("true", "True", "TRUE"), ("false", "False", "FALSE")
TRUE_1_1, FALSE_1_1 = ("yes", "Yes", "YES", "on", "On", "ON"), ("no", "No", "NO", "off", "Off", "OFF")


def plain(text: str, version: str) -> Any:
    """A scalar without quotation marks, as YAML 1.1 or 1.2 takes it."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in TRUE_1_2 or (version == "1.1" and text in TRUE_1_1):
        return True
    if text in FALSE_1_2 or (version == "1.1" and text in FALSE_1_1):
        return False
    if NUMBER.fullmatch(text):
        return int(text) if re.fullmatch("[-+]?[0-9]+", text) else float(text)
    return text


def seen(text: str, version: str = "1.2") -> Any:
    """A YAML text as an editor sees it."""
    return _value(yaml.compose(text), version)


def _value(node: yaml.Node | None, version: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _value(value, version) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(each, version) for each in node.value]
    assert isinstance(node, yaml.ScalarNode)
    return plain(node.value, version) if node.style is None else node.value
