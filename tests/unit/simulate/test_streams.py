"""The same seed gives the same records; a change of one field does not change the others."""

from __future__ import annotations

from pathlib import Path

from remit.schema.records import Records
from tests.unit.simulate.making import drawn


def same(one: Records, other: Records) -> bool:
    return all(one.forms[name].equals(other.forms[name]) for name in one.forms)


def test_the_same_seed(tmp_path: Path) -> None:
    assert same(drawn(tmp_path, "", 300, seed=5), drawn(tmp_path, "", 300, seed=5))


def test_another_seed(tmp_path: Path) -> None:
    one, other = drawn(tmp_path, "", 300, seed=5), drawn(tmp_path, "", 300, seed=6)
    for name in one.forms:
        assert not one.forms[name].equals(other.forms[name])


def test_another_shape_leaves_the_other_fields_as_they_were(tmp_path: Path) -> None:
    shape = "forms: {patients: {fields: {smoker: 90 %}}, visits: {fields: {crp: {median: 1, quartiles: [0.5, 3]}}}}"
    one, other = drawn(tmp_path, "", 300), drawn(tmp_path, shape, 300)
    for form, changed in (("patients", ["smoker"]), ("visits", ["crp", "crp__censored"])):
        assert one.forms[form].drop(changed).equals(other.forms[form].drop(changed))
        assert not one.forms[form].equals(other.forms[form])
    assert one.forms["doses"].equals(other.forms["doses"])


def test_rows_are_numbered_by_centre_then_form(tmp_path: Path) -> None:
    records = drawn(tmp_path, "", 40)
    keys = sorted(
        (number, centre, list(records.forms).index(name))
        for name, frame in records.forms.items()
        for number, centre in frame.select("_row", "centre").iter_rows()
    )
    assert [number for number, _, _ in keys] == list(range(len(keys)))
    assert [key[1:] for key in keys] == sorted(key[1:] for key in keys)
    for frame in records.forms.values():
        assert frame["_row"].is_sorted()
