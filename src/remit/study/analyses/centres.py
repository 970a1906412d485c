"""An endpoint by centre: from the study file's words to what is asked."""

from __future__ import annotations

from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import Centres
from remit.study.analyses.model import CentresPart
from remit.study.analyses.primary import endpoint_asked, estimand_asked
from remit.study.place import Place


def centres(name: str, title: str, part: CentresPart, place: Place, declared: Declared) -> Centres:
    """Raises WrongInput."""
    endpoint, visit, populations = endpoint_asked(name, part, place, declared)
    return Centres(name, title, populations, endpoint, visit, estimand_asked(part, place, declared))
