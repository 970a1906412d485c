"""Whether a run follows the plan that was locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from remit.plan.items import differences, items_of
from remit.plan.lock import FILE, digests_of, locks_of
from remit.plan.signature import checked
from remit.schema.plan import PlanNote
from remit.schema.results import Results
from remit.study.study import Study


@dataclass(frozen=True)
class Followed:
    """The plan in force. `planned`: the study that was locked; None where it is the same file."""

    note: PlanNote
    planned: Study | None

    def marked(self, results: Results, study: Study) -> tuple[Results, PlanNote]:
        """The results, each of which says whether it was planned."""
        if self.planned is None:
            return results, self.note
        from remit.plan.post_hoc import with_planned

        told = with_planned(results, study, self.planned)
        return told, replace(self.note, post_hoc=int((~told.table["planned"]).sum()))


def followed(study: Study, files: Mapping[str, bytes]) -> Followed | None:
    """The plan that was locked last, and in what the study differs from it; None if none was locked.

    files: see `study.as_read`. Raises WrongInput if a lock was altered or is of another study.
    """
    locks = locks_of(study)
    if not locks:
        return None
    last = locks[-1]
    planned = None if last.files == digests_of(files) else last.study()
    note = PlanNote(
        number=last.number,
        locked=last.locked,
        first=locks[0].locked,
        remit=last.remit,
        registration=last.registration,
        digest=last.digest,
        signature=checked(last.folder / FILE),
        amendments=tuple(lock.amendment for lock in locks[1:]),
        differences=() if planned is None else differences(items_of(planned), items_of(study)),
    )
    return Followed(note, planned)
