"""The small study that all specs, and the random expressions of `tests/generative`, speak of."""

from __future__ import annotations

from fractions import Fraction

from remit.language.query import Band, Value
from remit.language.scope import Definition, FieldName, FormName, PatientName, Scope, TextList, VisitName
from remit.language.types import DAYS, Date, Level, Number, Text, Type, YesNo

SCORE = Number(limit=1000)
HBI_BANDS = (
    Band("remission", Fraction(0), Fraction(4)),
    Band("mild", Fraction(5), Fraction(7)),
    Band("moderate", Fraction(8), Fraction(16)),
    Band("severe", Fraction(17), None),
)
CALPROTECTIN = Number("ug/g", 0, limit=10**6, censored=True, test="calprotectin")
THICKNESS = Number("mm", 1, limit=10**4)


def field(
    name: str,
    kind: Type,
    label: str | None = None,
    bands: tuple[Band, ...] = (),
    phrases: tuple[str, str] | None = None,
) -> FieldName:
    return FieldName(name, label or name.replace("_", " "), kind, bands, phrases)


def form(
    name: str, label: str, rows: str, *fields: FieldName, date: str | None = None, stop: str | None = None
) -> FormName:
    return FormName(name, label, rows, {each.name: each for each in fields}, date, stop)  # type: ignore[arg-type]


PATIENTS = form(
    "patients",
    "patient",
    "once",
    field("birth_date", Date()),
    field("diagnosis_date", Date()),
    field("sex", Level(("female", "male"))),
    field("smoker", YesNo(), phrases=("current smoking", "no current smoking")),
    field("prior_vte", YesNo(), "history of venous thromboembolism"),
    field("location", Level(("ileal", "colonic", "ileocolonic")), "disease location"),
    field("ses_cd", SCORE, "SES-CD"),
    field("weight", Number("kg", 1, limit=10**4), "body weight"),
    field("last_drug", Text(), "last drug before"),
)
VISITS = form(
    "visits",
    "visit",
    "visit",
    field("visit_date", Date()),
    field("hbi", SCORE, "Harvey-Bradshaw index", HBI_BANDS),
    field("steroids", YesNo(), "corticosteroids", phrases=("on corticosteroids", "no corticosteroids")),
    field("crp", Number("mg/dL", 2, limit=10**6, test="CRP", several_units=True), "C-reactive protein"),
    field("crp_sent", Number("mg/L", 1, limit=10**6, test="CRP"), "C-reactive protein by another laboratory"),
    field("calprotectin", CALPROTECTIN, "faecal calprotectin"),
    field("calprotectin_sent", Number("mg/g", 3, limit=10**6, censored=True, test="calprotectin")),
    field("creatinine_sent", Number("mg/dL", 1, limit=10**3, test="creatinine")),
    field("creatinine", Number("umol/L", 0, limit=10**5, test="creatinine"), "serum creatinine"),
    field("bwt_ileum", THICKNESS, "bowel wall thickness of the ileum"),
    field("bwt_colon", THICKNESS, "bowel wall thickness of the colon"),
    field("drainage", Level(("improved", "no change", "worse")), "fistula drainage"),
    field("cramps", Level(("none", "mild", "severe"), ordered=True)),
    field("wellbeing", Number(limit=4), "general well-being"),
    field("pain", Number(limit=3), "abdominal pain"),
    field("stools", Number(limit=100), "number of liquid stools"),
    date="visit_date",
)
TREATMENT = form(
    "treatment",
    "dosing period",
    "period",
    field("drug", Text()),
    field("dose", Number("mg", 1, limit=10**5)),
    field("start_date", Date()),
    field("stop_date", Date(censored=True)),
    field("stop_reason", Level(("adverse event", "lack of efficacy", "schedule")), "reason for stopping"),
    date="start_date",
    stop="stop_date",
)
STEROIDS = form(
    "steroids",
    "course of corticosteroids",
    "period",
    field("drug", Text()),
    field("dose", Number("mg", 1, limit=10**5)),
    field("start_date", Date()),
    field("stop_date", Date(censored=True)),
    date="start_date",
    stop="stop_date",
)
ADVERSE_EVENTS = form(
    "adverse_events",
    "adverse event",
    "event",
    field("term", Text()),
    field("start_date", Date()),
    field("grade", Number(limit=5), "CTCAE grade"),
    field("serious", YesNo()),
    field("related", YesNo(), "related to the drug"),
    date="start_date",
)
SAMPLES = form(
    "samples",
    "stool sample",
    "event",
    field("taken", Date(), "day of the sample"),
    field("result", CALPROTECTIN, "faecal calprotectin"),
    date="taken",
)

FORMS = {each.name: each for each in (PATIENTS, VISITS, TREATMENT, STEROIDS, ADVERSE_EVENTS, SAMPLES)}
STOP_DAY = Value("dosing", "stop_day", None, Number("d", limit=DAYS.limit, censored=True))

SCOPE = Scope(
    forms=FORMS,
    visits={
        "baseline": VisitName("baseline", "Baseline", 0),
        "week12": VisitName("week12", "Week 12", 84),
        "week24": VisitName("week24", "Week 24", 168),
    },
    reference="baseline",
    definitions={
        "clinic_score": Definition("clinic_score", "clinic score", "wellbeing + pain + stools", form="visits"),
    },
    patient={
        "index_date": PatientName("index date", Value("index", "date", None, Date())),
        "dosing.stop_day": PatientName("day of the permanent stop", STOP_DAY),
    },
    lists={"anti_tnf": TextList("anti-TNF agents", ("infliximab", "adalimumab", "golimumab"))},
    molar={
        ("creatinine", "mg/dL", "umol/L"): Fraction(442, 5),
        ("creatinine", "umol/L", "mg/dL"): Fraction(5, 442),
    },
)
