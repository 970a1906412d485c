"""What a reader sees of pooled results: sentences, cautions, figures and tables; and what is hidden of them."""

from __future__ import annotations

from pathlib import Path

from remit.disclosure.hidden import hidden_results
from remit.report.document import Definitions, Figure, Section, blocks_of, plain
from remit.report.language import language_of
from remit.report.methods import methods_text
from remit.report.results_text import results_text
from remit.report.trace_words import Teller
from tests.unit.estimate.pooling.making import of, pooled, rows_of
from tests.unit.report.studies import Made, lines_of, paragraphs_of, section_of, table_named

THREE = {"a": of(12, 30), "b": of(9, 40), "c": of(20, 50)}


def said(found: Made) -> str:
    return paragraphs_of(section_of(found, "beside_all"))


def cautions(found: Made) -> dict[str, list[str]]:
    section = section_of(found, "beside_all")
    items = (item for block in section.blocks if isinstance(block, Definitions) for item in block.items)
    return {item.term: [plain(line).replace("\xa0", " ") for line in item.words] for item in items}


def figures(section: Section) -> list[Figure]:
    return [block for block in blocks_of((section,)) if isinstance(block, Figure)]


def test_the_average_where_another_would_be_and_ours_among_them(tmp_path: Path) -> None:
    text = said(pooled(tmp_path, THREE, "of: [a, b, c]", "ours: yes", "label: Good in cohorts"))
    assert text.startswith("Good in cohorts: 34.3 % on average (95 % CI 21.6 to 49.7), 4 results of 128 patients, ours")
    assert "Another such study would be expected at " in text
    assert "Without ours: 34.0 %" in text
    assert "Ours (good at week 4): 3 of 8, 37.5 %, within the prediction interval of the others" in text
    assert "4 studies are too few to tell whether a funnel is lopsided; 10 are needed" in text


def test_ours_above_and_below_the_prediction_interval(tmp_path: Path) -> None:
    alike = {"a": of(100, 200), "b": of(101, 200), "c": of(99, 200), "d": of(100, 200)}
    above = pooled(tmp_path, alike, "of: [a, b, c, d]", goods=(8, 8))
    assert "100.0 %, above the prediction interval of the others" in said(above)
    assert "which leaves out the chance in ours" in said(above)
    (tmp_path / "low").mkdir()
    below = pooled(tmp_path / "low", alike, "of: [a, b, c, d]", goods=(0, 8))
    assert "0.0 %, below the prediction interval of the others" in said(below)


def test_what_could_not_be_pooled_is_said_with_its_reason(tmp_path: Path) -> None:
    studies = {"a": of(0, 30), "b": of(0, 40), "c": {"percent": "5 K"}}
    found = pooled(tmp_path, studies, "of: [a, b, c]")
    assert "not pooled (nobody of the 70 patients of all studies had the event" in said(found)
    left = cautions(found)["Left out"]
    assert left == ["C: only 5 % [K] is told, and of how many it is is not known."]
    assert figures(section_of(found, "beside_all")) == []


def test_differences_between_the_studies_are_named_ours_among_them(tmp_path: Path) -> None:
    found = pooled(tmp_path, THREE, "of: [a, b, c]", "ours: yes")
    unlike = cautions(found)["Not like with like"]
    assert unlike == ["Definition: a good score (A, B and C); the score is at least 50 (ours)."]
    assert "are not alike in definition: their average is of unlike things" in said(found)


def test_numbers_below_k_plus_are_marked_wherever_they_stand(tmp_path: Path) -> None:
    found = pooled(tmp_path, {**THREE, "d": of(9, 10, "K")}, "of: [a, b, c, d]")
    assert "Of D the numbers are from knowledge [K]; without them: 34.0 % (95 % CI " in said(found)
    assert cautions(found)["Less sure numbers"] == ["D: less sure than K+: 9 [K], 10 [K]."]
    studies = table_named(found, "beside_all-studies")
    assert lines_of(studies)[3][:2] == ["D, week 4", "9/10 [K]"]
    assert [plain(note) for note in studies.notes] == ["[K]: from knowledge, medium confidence: verify before use."]
    (figure,) = figures(section_of(found, "beside_all"))
    assert "9/10 [K]" in str(figure.panels[0].spec)
    assert ["Mixed model, random effects", "3 41/120"] in [
        line[:2] for line in lines_of(table_named(found, "beside_all"))
    ]


def test_each_model_stands_in_the_table(tmp_path: Path) -> None:
    found = pooled(tmp_path, THREE, "of: [a, b, c]", "model: freeman-tukey")
    labels = [line[0] for line in lines_of(table_named(found, "beside_all"))]
    models = ("Freeman-Tukey", "Mixed model", "Inverse variance")
    assert labels[1:] == [
        f"{model}, {effects} effect{s}" for model in models for effects, s in (("random", "s"), ("common", ""))
    ]


def test_from_ten_on_there_is_a_funnel(tmp_path: Path) -> None:
    studies = {f"s{at}": of(5 + at, 20 + 7 * at) for at in range(9)}
    found = pooled(tmp_path, {"a": of(3, 9), **studies}, f"of: [a, {', '.join(studies)}]")
    _, funnel = figures(section_of(found, "beside_all"))
    assert funnel.name == "beside_all-funnel"
    assert "A, week 4: 33.3 %, standard error 0.71" in funnel.panels[0].alt.replace("\xa0", " ")


def test_rates_and_means_have_their_figures(tmp_path: Path) -> None:
    rates = {"a": {"events": "3 V", "person_years": "30 V"}, "b": {"events": "0 V", "person_years": "20 V"}}
    found = pooled(tmp_path, rates, "of: [a, b]", "measure: rate")
    assert "6.0 per 100 patient-years on average" in said(found)
    (figure,) = figures(section_of(found, "beside_all"))
    assert "A, week 4: 10.0 (2.1–29.2)" in figure.panels[0].alt
    (tmp_path / "means").mkdir()
    means = {"a": {"mean": "10 V", "sd": "2 V", "of": "16 V"}, "b": {"mean": "12 V", "sd": "4 V", "of": "16 V"}}
    found = pooled(tmp_path / "means", means, "of: [a, b]", "measure: mean", "moderators: [week]")
    assert len(figures(section_of(found, "beside_all"))) == 1
    assert lines_of(table_named(found, "beside_all-moderators"))[0][0] == "Week of the assessment"


def test_what_is_pooled_and_how_stands_in_the_methods(tmp_path: Path) -> None:
    text = methods_text(
        pooled(tmp_path, THREE, "of: [a, b, c]", "ours: yes", "leave_one_out: yes", "subgroups: line").study
    )
    assert "Proportions, by glmm, of A, B and C." in text
    assert "Ours, good at week 4 under the estimand “whatever happened”, is pooled with them." in text
    assert "Also without each study and by line of therapy." in text
    assert "Stijnen" in text
    assert "Freeman and Tukey" not in text


def test_in_italian(tmp_path: Path) -> None:
    found = pooled(tmp_path, {**THREE, "d": {"percent": "40 V"}}, "of: [a, b, c, d]", "ours: yes")
    italian = results_text(found.study, found.results, language_of("it", {}))
    section = next(each for each in italian.sections if each.name == "analysis-beside_all")
    text = paragraphs_of(section)
    assert "in media 34,3 %" in text
    assert "Esclusi: D (è riportato solo 40 %, senza dire di quanti)." in text


# What is hidden, and what stands behind


def test_whatever_is_pooled_with_ours_is_hidden_with_our_counts(tmp_path: Path) -> None:
    found = pooled(tmp_path, THREE, "of: [a, b, c]", "ours: yes", "leave_one_out: yes", goods=(3, 8))
    hidden = hidden_results(found.study, found.results, 5)
    rows = {row["result"]: row for row in found.results.table.iter_rows(named=True) if row["analysis"] == "beside_all"}
    ours = rows_of(found, variable="good", handling="policy")["n"]["result"]
    assert hidden.of(ours, "numerator") == "small"
    for result, row in rows.items():
        told = {part: hidden.of(result, part) for part in ("value", "numerator", "denominator", "note")}
        assert (
            all(told.values())
            if row["population"] is not None and row["visit"] is None
            else not any(told.values()) or row["population"]
        ), result


def test_where_our_counts_may_be_shown_all_is(tmp_path: Path) -> None:
    found = pooled(tmp_path, THREE, "of: [a, b, c]", "ours: yes", goods=(8, 16))
    hidden = hidden_results(found.study, found.results, 5)
    rows = found.results.table.filter(analysis="beside_all")["result"]
    assert not [result for result in rows if hidden.of(result)]


def test_a_published_number_is_told_as_its_source_tells_it(tmp_path: Path) -> None:
    found = pooled(tmp_path, THREE, "of: [a, b, c]", "ours: yes", "leave_one_out: yes")
    teller = Teller(found.study)
    alone = rows_of(found, group="evidence", group_level="a: x", variable="good", handling=None)["percent"]
    told = teller.told(alone)
    assert (told.subject, told.definition) == ("Good in A, x, week 4", "As published: a good score.")
    without = rows_of(found, group="without_study", group_level="a: x")["percent"]
    assert teller.told(without).subject == "All, all studies but a: x"
    assert teller.told(without).handling.startswith("Pooled by a mixed model of the counts.")


def test_whether_kinds_of_studies_differ_stands_below_their_table(tmp_path: Path) -> None:
    studies = {"a": of(10, 20), "b": of(10, 20), "c": of(9, 10, "K")}
    table = table_named(
        pooled(tmp_path, studies, "of: [a, b, c]", "subgroups: [certainty, design]"), "beside_all-kinds"
    )
    by_certainty, by_design = (plain(note).replace("\xa0", " ") for note in table.notes)
    assert by_certainty.startswith("Test that results do not differ by how sure the numbers are: p = 0.")
    assert by_design == "Test that results do not differ by design: not made, for the studies are of one kind."
    assert [line[0] for line in lines_of(table)] == [
        *("By how sure the numbers are", "K+ or surer", "Below K+"),
        *("By design", "Cohort"),
    ]


def test_the_squares_of_the_others_do_not_tell_how_many_ours_are(tmp_path: Path) -> None:
    """Weights of all but ours, which add up to less than 100 %, would."""
    drawn = []
    for number, ours in enumerate(("yes", "no")):
        (tmp_path / f"{number}").mkdir()
        made = pooled(tmp_path / f"{number}", THREE, "of: [a, b, c]", f"ours: {ours}")
        (figure,) = figures(section_of(made, "beside_all"))
        points = [layer for layer in figure.panels[0].spec["layer"] if layer["mark"]["type"] == "point"][-1]
        drawn.append([value["size"] for value in points["data"]["values"]])
    assert drawn[0] == drawn[1]
    assert max(drawn[0][:3]) == 14 + 3 * 30


def test_results_of_unlike_outcomes_are_said_to_be(tmp_path: Path) -> None:
    unlike = {**THREE, "b": {**of(9, 40), "concept": "persistence"}}
    found = pooled(tmp_path, unlike, "of: [a.good, b.good, c.good]")
    assert "are not alike in outcome: their average is of unlike things" in said(found)
    assert cautions(found)["Not like with like"] == ["Outcome: clinical response (A and C); persistence (B)."]
