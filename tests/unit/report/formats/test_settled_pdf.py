"""What a drawing's PDF holds does not depend on the run that made it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from remit.report.figures.settled_pdf import settled

ONE = b"""%PDF-1.7
%\xff

4 0 obj
<<
  /Kids [2 0 R]
>>
endobj

2 0 obj
<<
  /Font <<
    /fo1 7 0 R
    /fo0 3 0 R
  >>
>>
endobj

7 0 obj
<<
  /Length 9
>>
stream
\nendobj 1
endstream
endobj

3 0 obj
<<
  /Length 1
>>
stream
x
endstream
endobj

xref
0 5
trailer
<<
  /Root 4 0 R
  /Size 5
>>
startxref
9
%%EOF"""


def test_the_order_of_fonts_and_objects_does_not_matter() -> None:
    other = ONE.replace(b"    /fo1 7 0 R\n    /fo0 3 0 R\n", b"    /fo0 3 0 R\n    /fo1 7 0 R\n")
    assert settled(other) == settled(ONE)
    assert settled(settled(ONE)) == settled(ONE)


def test_objects_are_found_where_the_table_says() -> None:
    made = settled(ONE)
    table = made[made.index(b"xref\n") :].splitlines()
    places = [int(line.split()[0]) for line in table[3:7]]
    assert [made[place:].split(b"\n")[0] for place in places] == [b"%d 0 obj" % number for number in (1, 2, 3, 4)]
    assert int(made.splitlines()[-2]) == made.index(b"xref\n")


@pytest.mark.parametrize("wrong", [b"", b"%PDF-1.7\n1 0 obj\n<<\n>>\nstream\nx\nendstream\nendobj"])
def test_what_is_written_otherwise_is_refused(wrong: bytes) -> None:
    with pytest.raises(ValueError, match="PDF"):
        settled(wrong)


def test_two_processes_draw_the_same_bytes() -> None:
    drawn = """
import hashlib
from remit.report.figures.drawing import Drawing
from remit.report.figures.sheet import svg, text
said = [text(5, 20, "a"), text(5, 40, "b", "bold"), '<text y="60" font-style="italic">c</text>']
print(hashlib.sha256(Drawing("d", "", svg(said, 100, 80, "three fonts")).pdf).hexdigest())
"""
    found = {subprocess.check_output([sys.executable, "-c", drawn]) for _ in range(3)}
    assert len(found) == 1
