"""From text to query: what is asked for, names whatever their order, fingerprints, limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from remit.language.errors import CircularDefinition, LanguageError, nearest
from remit.language.query import Compare, Constant, Named, Query, Value, digest
from remit.language.resolve import resolve, resolve_name
from remit.language.scope import Definition, Scope, TextList
from remit.language.types import Date, Level, Number, Ratio, Span, Text, YesNo
from tests.spec.study import SCOPE


def with_definitions(**texts: str) -> Scope:
    made = {name: Definition(name, name, text) for name, text in texts.items()}
    return replace(SCOPE, definitions={**SCOPE.definitions, **made})


def at_week12(text: str, scope: Scope = SCOPE) -> Query:
    return resolve(text, scope, visit="week12")


def refused(text: str, scope: Scope = SCOPE, **asked: object) -> LanguageError:
    with pytest.raises(LanguageError) as caught:
        resolve(text, scope, **{"visit": "week12", **asked})  # type: ignore[arg-type]
    return caught.value


OF_EACH_KIND = {
    YesNo: ("hbi <= 3", "yes or no"),
    Number: ("hbi", "a number"),
    Date: ("visit_date", "a date"),
    Level: ("sex", "a level"),
    Text: ("last_drug", "a text"),
    Span: ("visit_date - index_date", "a time between two dates"),
    Ratio: ("hbi / hbi@baseline", "a quotient"),
}


@pytest.mark.parametrize("kind", OF_EACH_KIND, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("asked", OF_EACH_KIND, ids=lambda kind: kind.__name__)
def test_the_kind_that_is_asked_for(kind: type, asked: type) -> None:
    text, wanted = OF_EACH_KIND[kind][0], OF_EACH_KIND[asked][1]
    if kind is asked:
        assert isinstance(resolve(text, SCOPE, visit="week12", expected=asked).type, kind)
    else:
        error = refused(text, expected=asked)
        assert error.what.endswith(f"where {wanted} is asked for")
        assert error.remedy


def test_resolve_name() -> None:
    assert resolve_name("hbi", SCOPE, visit="week12") == at_week12("hbi")
    assert resolve_name("visits.steroids", SCOPE, visit="week12") == at_week12("visits.steroids")
    assert isinstance(resolve_name("clinic_score", SCOPE, visit="week12"), Named)
    assert digest(resolve_name("clinic_score", SCOPE, visit="week12")) == digest(at_week12("wellbeing + pain + stools"))


def test_a_clash_does_not_depend_on_the_order_of_forms() -> None:
    """`steroids` is a field of the visit and a form of courses."""
    for forms in (SCOPE.forms, dict(reversed(SCOPE.forms.items()))):
        error = refused("steroids", replace(SCOPE, forms=forms))
        assert error.what == "'steroids' may mean visits.steroids or the form steroids"


def test_a_value_derived_beforehand_clashes_with_a_field_of_its_name() -> None:
    visits = SCOPE.forms["visits"]
    field = replace(visits.fields["visit_date"], name="index_date")
    forms = {**SCOPE.forms, "visits": replace(visits, fields={**visits.fields, "index_date": field})}
    error = refused("index_date", replace(SCOPE, forms=forms))
    assert error.what == "'index_date' may mean visits.index_date or index date"
    assert error.remedy == "Write visits.index_date, or rename the other."


def test_total_of_a_form_inside_a_condition_on_another() -> None:
    query = resolve("any(steroids, where dose > 10 mg and clinic_score > 3)", SCOPE, visit="week12")
    assert digest(query) == digest(
        at_week12("any(steroids, where dose > 10 mg and wellbeing@week12 + pain@week12 + stools@week12 > 3)")
    )


# What a scope may lack


def test_no_visit_to_look_back_to() -> None:
    error = refused("fall(hbi) > 3", replace(SCOPE, reference=None))
    assert error.what == "fall needs a visit to look back to"
    assert error.remedy == "Declare in the study file a visit on day 0 or before."


def test_rows_without_a_date_have_no_first() -> None:
    forms = {**SCOPE.forms, "samples": replace(SCOPE.forms["samples"], date=None)}
    assert resolve("max(samples.result) > 50", replace(SCOPE, forms=forms))
    error = refused("first(samples.result) > 50", replace(SCOPE, forms=forms))
    assert error.what == "the rows of samples have no date to order them by"
    assert error.remedy == "Declare `date:` of the form in the study file, or use min or max."


def test_an_empty_list() -> None:
    lists = {"nothing": TextList("nothing", ())}
    error = refused("last_drug in nothing", replace(SCOPE, lists=lists))
    assert (error.what, error.remedy) == ("the list nothing is empty", "Give it members in its pack.")


def test_no_visits_at_all() -> None:
    error = refused("hbi > 3", replace(SCOPE, visits={}), visit=None)
    assert error.remedy == "Declare visits in the study file."


def test_a_quotient_over_rows() -> None:
    made = Definition("share", "share", "pain / stools", form="visits")
    scope = replace(SCOPE, definitions={**SCOPE.definitions, "share": made})
    error = refused("first(visits.share) > 1", scope)
    assert error.what == "first is for numbers, and this is a quotient"
    assert error.remedy


def test_a_field_and_a_total_of_one_name() -> None:
    made = Definition("pain", "pain", "stools + 1", form="visits")
    scope = replace(SCOPE, definitions={**SCOPE.definitions, "pain": made})
    error = refused("visits.pain > 1", scope)
    assert (error.what, error.remedy) == (
        "'visits.pain' may mean the total pain or the field pain",
        "Rename one of them.",
    )


@pytest.mark.parametrize(
    ("word", "known", "remedy"),
    [
        ("hbbi", ["hbi", "crp"], "Did you mean hbi?"),
        ("HBI", ["hbi", "crp"], "Did you mean hbi?"),
        ("week", ["week12", "week24", "baseline"], "Did you mean week24 or week12?"),
        ("x", ["one"], "There is: one."),
        ("x", ["two", "one"], "There are: one, two."),
        ("x", [], "There is none."),
        ("x", [f"name{n}" for n in range(21)], "No name is spelt like it; look it up in the study file."),
    ],
)
def test_nearest(word: str, known: list[str], remedy: str) -> None:
    assert nearest(word, known) == remedy


# Fingerprints: the same for the same meaning


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("crp < 5 mg/L", "crp < 0.5 mg/dL"),
        ("crp < 0.5 mg/dL", "crp<0.50 mg/dL"),
        ("hbi < 3", "3 > hbi"),
        ("hbi <= 3", "visits.hbi <= 3"),
        ("hbi <= 3", "hbi@week12 <= 3"),
        ("index_date - birth_date >= 18 years", "index_date - birth_date >= 216 months"),
        ("visit_date - index_date > 2 weeks", "visit_date - index_date > 14 days"),
        ("smoker", "smoker == yes"),
        ("not smoker", "smoker == no"),
        ("5 <= hbi <= 7", "hbi >= 5 and hbi <= 7"),
        ("(hbi)", "hbi"),
        ("sex != 'male'", 'not sex == "male"'),
        ("hbi > 1 + 2", "hbi > 3"),
        ("hbi > 6 / 2", "hbi > 3"),
        ('band(hbi) > "mild"', 'band(hbi) in ("moderate", "severe")'),
    ],
)
def test_one_meaning_has_one_fingerprint(one: str, other: str) -> None:
    assert digest(at_week12(one)) == digest(at_week12(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hbi < 3", "hbi <= 3"),
        ("hbi", "hbi@baseline"),
        ("fall(hbi)", "change(hbi)"),
        ("any(adverse_events, where serious)", "count(adverse_events, where serious)"),
        ("crp < 5 mg/L", "crp < 5 mg/dL"),
        ("index_date - birth_date >= 1 month", "index_date - birth_date >= 30 days"),
    ],
)
def test_two_meanings_have_two(one: str, other: str) -> None:
    assert digest(at_week12(one)) != digest(at_week12(other))


def test_a_name_or_label_is_no_part_of_the_meaning() -> None:
    scope = with_definitions(remission="hbi <= 3", quiet="hbi <= 3")
    assert digest(at_week12("remission", scope)) == digest(at_week12("quiet", scope)) == digest(at_week12("hbi <= 3"))


# Limits


def test_definitions_that_double_each_other_are_refused_in_good_time() -> None:
    texts = {f"d{n}": f"d{n - 1} and d{n - 1}" for n in range(1, 29)}
    error = refused("d28", with_definitions(d0="smoker", **texts))
    assert error.what.endswith("this is too long, or too deeply nested")
    assert error.remedy == "Give its parts names of their own under `derived`, or use any, how_many or in (…)."


def test_a_long_row_of_definitions_is_refused() -> None:
    scope = with_definitions(d0="smoker", **{f"d{n}": f"not d{n - 1}" for n in range(1, 40)})
    assert at_week12("d20", scope).type == YesNo()
    assert "too deeply nested" in refused("d39", scope).what


def test_definitions_that_are_deep_each_are_refused() -> None:
    """Each is within the limit, and all together are too deep for Python."""
    scope = with_definitions(d0="smoker", **{f"d{n}": f"{'not ' * 40}d{n - 1}" for n in range(1, 29)})
    assert "too deeply nested" in refused("d28", scope).what


def test_circles_name_all_that_are_in_them() -> None:
    scope = with_definitions(a="b", b="c or smoker", c="d and a", d="smoker")
    error = refused("not a", scope)
    assert isinstance(error, CircularDefinition)
    assert error.what == "circular definition: a → b → c → a"
    assert (error.place.start, error.place.end) == (4, 5)


def test_what_could_leave_64_bits_is_refused() -> None:
    """One factor of 1000 more, and the greatest values would not fit."""
    assert at_week12("hbi * hbi * hbi * hbi * hbi * hbi > 1")
    assert refused("hbi * hbi * hbi * hbi * hbi * hbi * hbi > 1").what.startswith("this could grow too large")
    assert refused("hbi * hbi * hbi * hbi * hbi * hbi > 0.001").what.startswith("this could grow too large")


def test_the_place_is_that_of_the_words_that_are_meant() -> None:
    error = refused("smoker and\n  hbbi > 3")
    assert (error.place.start, error.place.end) == (13, 17)


def test_a_constant_keeps_its_decimals() -> None:
    query = at_week12("bwt_ileum > 2.50 mm")
    assert isinstance(query, Compare)
    assert query.right == Constant(query.right.value, Number("mm", 1, 25))  # type: ignore[union-attr]
    assert query.left == Value("visits", "bwt_ileum", "week12", SCOPE.forms["visits"].fields["bwt_ileum"].type)


def test_a_scaled_score_of_many_items_can_be_carried_forward() -> None:
    items = [f"(hbi + {number})" for number in range(12)]
    total = f"sum_known({', '.join(items)})"
    possible = f"sum_known({', '.join(f'if(known({item}), 5)' for item in items)})"
    score = f"if(how_many({', '.join(f'known({item})' for item in items)}) >= 8, round(70 * {total} / {possible}, 6))"
    assert resolve(f"fall(last_observed({score})) >= 4", SCOPE, visit="week24")
