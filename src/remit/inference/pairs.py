"""Patients with both values, of all who were asked about."""

from __future__ import annotations

from remit.inference.estimate import Guard


def selected(both: int, of: int) -> Guard | None:
    """Told where the test on pairs leaves patients out: those with both values are not those who were asked about.

    Raises ValueError where more have both values than there are patients.
    """
    if not 0 <= both <= of:
        raise ValueError(f"{both} of {of} patients cannot have both values")
    if both == of:
        return None
    left_out = of - both
    return Guard(
        "paired subset",
        f"The paired test counts {both} of {of} patients: {left_out} without both values "
        f"{'is' if left_out == 1 else 'are'} left out, and may have fared differently.",
    )
