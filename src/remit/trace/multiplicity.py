"""Behind tests that are adjusted for their number: those whom the tests are of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from remit.schema.results import Address
from remit.study.analyses.kinds import Multiplicity
from remit.trace.counted import Counted
from remit.trace.people import joined

_NOT_MADE = "Nobody stands behind this: the test was not made."


def behind_multiplicity(analysis: Multiplicity, at: Address, tests: Mapping[str, Counted]) -> Counted:
    """tests: by the name of its result, who stands behind a test. Of all together it is those of any of them."""
    if at.variable is not None:
        return tests.get(at.variable, Counted(None, None, None, None, note=_NOT_MADE))
    made = [tests[test.result] for test in analysis.tests if test.result in tests]
    sets = [each.denominator or 0 for each in made]
    found = Counted(None, joined(sets), None, None, note="Counted are tests; shown are the patients of any of them.")
    return replace(found, unnamed=("numerator", "denominator", "missing"))
