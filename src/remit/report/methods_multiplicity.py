"""What the methods section says of tests that are adjusted for their number."""

from __future__ import annotations

from remit.report.wording import listed_text, quoted
from remit.study.analyses.kinds import Multiplicity
from remit.study.study import Study

_NONE = "no allowance is made for multiplicity"
_HOW = {
    "holm": "Holm’s procedure (Scand J Stat 1979;6:65–70)",
    "hochberg": "Hochberg’s procedure (Biometrika 1988;75:800–2), which takes the tests as independent or as depending "
    "positively on each other",
    "benjamini-hochberg": "Benjamini and Hochberg’s procedure (J R Stat Soc B 1995;57:289–300), which bounds the "
    "expected share of the false among the rejections",
    "hierarchical": "a hierarchical procedure, which goes on to the next step only if all tests before are rejected "
    "(Westfall and Krishen, J Stat Plan Inference 2001;99:25–40){}",
}
_STEPS = ", and adjusts the tests of one step by Holm’s procedure"


def allowance(study: Study) -> str:
    """In a clause: for which tests allowance is made, and how; that of no other."""
    families = [analysis for analysis in study.analyses if isinstance(analysis, Multiplicity)]
    if not families:
        return _NONE
    said = listed_text([_family(family) for family in families], comma="; ")
    return f"allowance is made for multiplicity only in {said}"


def _family(family: Multiplicity) -> str:
    steps = [test.step for test in family.tests]
    together = _STEPS if len(set(steps)) < len(steps) else ""
    return f"{quoted(family.title)}, by {_HOW[family.method].format(together)}, at {float(100 * family.level):g} %"
