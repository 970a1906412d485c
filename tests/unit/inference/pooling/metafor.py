"""What metafor gave, and how near to it is near enough."""

from __future__ import annotations

from typing import Any

import pytest

from remit.inference.pooling.effects import Effects, Scale, generic
from tests.unit.inference.reference import reference

METAFOR = reference("pooling")
PLAIN = Scale("effect", "effect", none=0.0)


def named(case: dict[str, Any]) -> str:
    """For pytest's ids."""
    return " ".join(str(case[key]) for key in ("name", "measure") if key in case)


def effects(case: dict[str, Any]) -> Effects:
    """Those that metafor was given, without what they mean."""
    names = [f"study {at}" for at in range(1, len(case["yi"]) + 1)]
    return generic(names, case["yi"], [variance**0.5 for variance in case["vi"]], PLAIN)


def near(wanted: Any) -> Any:
    """To six digits."""
    return pytest.approx(wanted, rel=1e-6, abs=1e-9)
