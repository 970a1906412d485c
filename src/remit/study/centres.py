"""Names of centres: a file is named after each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from remit.errors import WrongInput

NOT_IN_A_FILE_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
LONGEST_NAME = 60  # characters: file systems end at 255 bytes, and one character may take four


def check_centres(centres: Iterable[str], wrong: Callable[[str, str], WrongInput]) -> None:
    """Raises for a name that is no file's, or there twice; files do not tell capitals apart everywhere.

    wrong: makes the error of what is wrong, and what would do.
    """
    seen: dict[str, str] = {}
    for centre in centres:
        if not centre.strip(". ") or centre != centre.strip() or centre.startswith((".", "~$")) or centre.endswith("."):
            what = f"{centre!r} cannot be the name of a file."
            raise wrong(what, "Name the centre with letters and digits, such as S01.")
        if found := NOT_IN_A_FILE_NAME.search(centre):
            what = f"{centre!r} holds {found[0]!r}, which the name of a file cannot have."
            raise wrong(what, "Name the centre with letters and digits, such as S01.")
        if len(centre) > LONGEST_NAME:
            what = f"'{centre[:20]}…' is too long for the name of a file, with {len(centre)} characters."
            raise wrong(what, f"Take {LONGEST_NAME} characters at most, such as S01.")
        first = seen.get(centre.casefold())
        if first is not None:
            what = f"{centre} is named twice." if centre == first else f"{first} and {centre} are one file's name."
            raise wrong(what, "Name each centre once.")
        seen[centre.casefold()] = centre
