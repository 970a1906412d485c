"""Which records a form is of, and whether a test's code stands for one measurement in them.

GLUC is glucose in serum and in urine, SYSBP the pressure of somebody who lies and who stands: what tells them apart
stands in other variables, the qualifiers. Only the study file can say which is meant; none is chosen here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import polars as pl

from remit.errors import WrongInput
from remit.sources.ledger import Entry, Ledger
from remit.sources.sdtm_domains import FILE, Domain
from remit.sources.sdtm_values import as_texts
from remit.study.forms import Form

# Suffixes of the qualifiers that make another measurement of a test. SDTMIG 3.4, 3.2.2 and 6.3
QUALIFIERS = ("CAT", "SCAT", "SPEC", "POS", "LOC", "LAT", "DIR", "METHOD", "EVAL", "EVALID", "TPT")
EMPTY = "empty"  # how `only` speaks of records in which the variable holds nothing


def chosen(form: Form, domain: Domain, tests: Collection[str], ledger: Ledger) -> Domain:
    """With the records alone that `only` asks for, of findings those of these tests; how many others there are is told
    of each data set.

    Raises WrongInput for a variable that is not there, and for a value that no record has.
    """
    frame = domain.frame.filter(pl.col(domain.of("TESTCD")).is_in([*tests])) if tests else domain.frame
    for variable, wanted in form.only.items():
        if variable not in frame.columns:
            raise domain.missing(variable, domain.variables, f"`only` of the form {form.name}")
        said = as_texts(domain.frame[variable]).fill_null(EMPTY)
        if domain.frame.height and (unknown := [value for value in wanted if value not in set(said)]):
            what = f"the form {form.name} is `only` of {variable} {unknown[0]}, which no record has."
            raise WrongInput(domain.where, what, f"There are {', '.join(sorted(set(said)))}.")
        here = as_texts(frame[variable]).fill_null(EMPTY)
        others = frame.filter(~here.is_in([*wanted])).group_by(FILE, maintain_order=True).len()
        for file, count in others.iter_rows():
            reason = f"the form is only of {variable} {' or '.join(wanted)}; so many records are not: {count}"
            ledger.add(Entry("unused", "records-of-others", reason, file, form=form.name, column=variable))
        frame = frame.filter(here.is_in([*wanted]))
    return replace(domain, frame=frame)


def refuse_several(form: Form, domain: Domain, records: pl.DataFrame, tests: Collection[str]) -> None:
    """Raises WrongInput for a test whose records differ in a qualifier of which the form says nothing.

    A form of events says it with a field, for its expressions to choose by; at a visit one row counts.
    """
    code = domain.of("TESTCD")
    told = {field.column for field in form.fields.values()} if form.rows == "event" else set()
    for name in map(domain.of, QUALIFIERS):
        if name not in records.columns or name in form.only or name in told:
            continue
        kinds = records.select(code, as_texts(records[name]).fill_null(EMPTY)).group_by(code, name).len()
        for test in tests:
            found = kinds.filter(pl.col(code) == test).sort("len", name, descending=[True, False])
            if found.height > 1:
                raise several(form, domain, test, name, found[name].to_list())


def several(form: Form, domain: Domain, test: str, variable: str, values: list[str]) -> WrongInput:
    what = f"{test} of the form {form.name} is measured in several ways: {variable} is {', '.join(values)}."
    remedy = (
        f"Say which the form means: `only: {{{variable}: [{values[0]}]}}`, or all of them if they are alike; "
        "what is to be told apart takes a form each."
    )
    return WrongInput(domain.where, what, remedy)
