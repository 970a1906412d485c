"""What is wrong in a study file: each message names the exact place (▶), what is wrong, and what would do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.study.build import read_study
from tests.unit.study.making import STUDY, changed, written, wrong_study

Case = tuple[str, str, str]  # what is written, what is written instead, what the message says

# The YAML of a study file, its keys and the kinds of their values

FILE: list[Case] = [
    ("  id: small", "▶\tid: small", "a tab stands here"),
    ("  id: small\n", "  id: small\n  ▶id: large\n", "'id' stands here twice; first in line 3"),
    ("swollen: joints_swollen > 0", "swollen: {is: ▶fall(joints_swollen) >= 50 %}", "50 % of what?"),
    ("title: A small study", "title: A study▶: small", "a second ':' stands here, or the indentation is wrong"),
    ("title: A small study", 'title: "A" ▶study', "the value goes on behind its quotation mark"),
    ("title: A small study", "title: ▶'A small study", "this quotation mark is not closed"),
    ("title: A small study", "title: ▶@small", "a value cannot begin so"),
    ("title: A small study", "title: ▶&small", "'&small': references inside YAML are not used here"),
    ("title: A small study", "title: ▶!small", "'!small': tags are not used here"),
    ("title: A small study", "title: ▶> small", "a value cannot begin so"),
    ("title: A small study", "title: A ▶\u200bsmall study", "the character U+200B may not stand in a study file"),
    ("study:\n", "▶study\n", "a ':' is missing on this line"),
    ("index: first", "▶---\nindex: first", "a second document begins here"),
    (
        "swollen: joints_swollen > 0",
        "swollen: {is: ▶any(events, where serious)}",
        "the comma inside {…} or […] cuts the expression at 'any(events'",
    ),
    (
        "swollen: joints_swollen > 0",
        "swollen: {label: x, ▶or y, is: joints_swollen > 0}",
        "'or y' is no key; does a comma inside {…} cut a text?",
    ),
    ("  week12: {day: 84", "  week12: {▶dat: 84", "'dat' is not known in visits.week12"),
    ("  week12: {day: 84", "  ▶Week 12: {day: 84", "'Week 12' cannot be a name"),
    ("  week12: {day: 84", "  ▶yes: {day: 84", "'yes' has a meaning of its own, and cannot be a name"),
    ("window: [63, 105]", "window: [63, ▶1e99]", "visits.week12.window.2 cannot be '1e99'"),
    ("window: [63, 105]", "window: ▶[105, 63]", "the window of week12 ends before it begins"),
    ("window: [63, 105]", "window: ▶[0, 105]", "the windows of baseline and week12 overlap (day 0)"),
    ("day: 84", "day: ▶12 weeks", "visits.week12.day cannot be '12 weeks'"),
    ("remit: 1", "remit: ▶2", "remit cannot be '2'"),
    ("forms:\n", "▶form:\n", "'form' is not known in the file"),
    ("endpoints:\n", "▶endpoint:\n", "'endpoint' is not known in the file"),
    ("data_cutoff: 2024-06-30", "data_cutoff: ▶2024-06-31", "study.data_cutoff cannot be '2024-06-31'"),
    ("  data_cutoff: 2024-06-30\n", "  ▶data_cutoff:\n", "study.data_cutoff has no value"),
    ("  data_cutoff: 2024-06-30\n", "  ▶data_cutoff: # to come\n", "study.data_cutoff has no value"),
    (
        "observed_until: last_seen",
        "observed_until: ▶last_sen",
        "there is no date 'last_sen' in a form with `rows: once`",
    ),
    ("observed_until: last_seen", "observed_until: ▶sex", "there is no date 'sex' in a form with `rows: once`"),
    ("birth: birth_date", "birth: ▶visit_date", "there is no date 'visit_date' in a form with `rows: once`"),
    ("index: first(doses.start_date,", "index: first(doses.▶start_dat,", "'start_dat'"),
    ("index: first(doses.start_date,", "index: ▶first(doses.drug,", ""),
    (
        "index: first(doses.start_date,",
        "index: ▶first(doses.stop_date,",
        "the index date may lie beyond the end of observation",
    ),
    ('index: first(doses.start_date, where drug == "x")', "index: ▶visit_date", ""),
    ('index: first(doses.start_date, where drug == "x")', "index: ▶age", "'age'"),
    ('tiny: "1"', 'tiny: ▶"2"', "the study asks for tiny 2, and there is tiny 1"),
    ('tiny: "1"', '▶tine: "1"', "there is no pack 'tine'"),
    ('tiny: "1"', 'tiny: "1"\n  ▶../tiny: "1"', "'../tiny' cannot be the name of a pack"),
]

# How the charts are written

CHARTS: list[Case] = [
    ("no: [no, N]", "no: [no, N, ▶TRUE]", "'TRUE' is yes, and cannot be no too"),
    ("not_done: [ND]", "not_done: [ND, ▶yes]", "'yes' is yes, and cannot be not_done too"),
    ("{dates: day/month/year,", "{dates: ▶dmy,", "charts.centres.S1.dates cannot be 'dmy'"),
    ("{visits: {CRP serum: crp}}", "{▶visit: {CRP serum: crp}}", "there is no form 'visit'"),
    ("{visits: {CRP serum: crp}}", "{visits: {CRP serum: ▶crpp}}", "there is no field of visits 'crpp'"),
    ("    S1: {dates", "    s1: {dates: day/month/year}\n    ▶S1: {dates", "'S1' is 's1' but for capitals"),
]

# Forms and the dates of their rows

FORMS: list[Case] = [
    (
        "  patients:\n    rows: once",
        "  ▶dosing:\n    rows: once",
        "'dosing' has a meaning of its own, and cannot be a name",
    ),
    ("    rows: once", "    rows: ▶one", "forms.patients.rows cannot be 'one'"),
    ("    date: visit_date", "    date: ▶visit_dat", "there is no field of visits 'visit_dat'"),
    ("    date: visit_date", "    date: ▶pain", "pain is not a date"),
    ("    stop: stop_date", "    stop: ▶start_date", "start_date is also the start"),
    ("    rows: once", "    rows: once\n    ▶date: birth_date", "a form with `rows: once` has no 'date'"),
]

# Fields: their kind, levels, units, ranges and bands

FIELDS: list[Case] = [
    ("birth_date: date", "birth_date: ▶datum", "forms.patients.fields.birth_date cannot be 'datum'"),
    ("birth_date: date", "▶birthDate: date", "'birthDate' cannot be a name"),
    (
        "      birth_date: date",
        "      ▶patient: text\n      birth_date: date",
        "'patient' is what remit calls something that each row of patients has anyway",
    ),
    (
        "      birth_date: date",
        "      ▶centre: text\n      birth_date: date",
        "'centre' is what remit calls something that each row of patients has anyway",
    ),
    (
        "      visit_date: date",
        "      visit_date: date\n      ▶day: {type: number}",
        "'day' is what remit calls something that each row of visits has anyway",
    ),
    (
        "      drug: text",
        "      drug: text\n      ▶ongoing: yes/no",
        "'ongoing' is what remit calls something that each row of doses has anyway",
    ),
    ("      drug: text", "      ▶and: text\n      drug: text", "'and' has a meaning of its own, and cannot be a name"),
    (
        "sex: {levels: {female: F, male: M}}",
        "sex: {levels: {female: F, male: ▶f}}",
        "'f' is written for male, and means female",
    ),
    (
        "sex: {levels: {female: F, male: M}}",
        "sex: {levels: {female: F, male: ▶Female}}",
        "'Female' is written for male, and means female",
    ),
    (
        "sex: {levels: {female: F, male: M}}",
        "sex: {levels: {female: F, ▶Female: M}}",
        "the levels 'female' and 'Female' are the same but for case and signs",
    ),
    (
        "sex: {levels: {female: F, male: M}}",
        "sex: {levels: {female: F, male: ▶[M, F]}}",
        "'F' is written for male, and means female",
    ),
    (
        "sex: {levels: {female: F, male: M}}",
        "sex: {levels: {female: F, male: ▶[M, M]}}",
        "'M' stands twice in forms.patients.fields.sex.levels.male",
    ),
    (
        "sex: {levels: {female: F, male: M}}",
        "sex: {levels: {female: F, ▶unknown: M}}",
        "'unknown' is no level: it is what remit says of every value that is not known",
    ),
    (
        "sex: {levels: {female: F, male: M}}",
        "sex: {levels: [female, ▶Unknown]}",
        "'unknown' is no level: it is what remit says of every value that is not known",
    ),
    (
        "sex: {levels: {female: F, male: M}}",
        "sex: {levels: [female, male, ▶MALE]}",
        "the levels 'male' and 'MALE' are the same but for case and signs",
    ),
    (
        "sex: {levels: {female: F, male: M}}",
        "sex: {levels: ▶[female, female]}",
        "'female' stands twice in forms.patients.fields.sex.levels",
    ),
    ("sex: {levels: {female: F, male: M}}", "sex: {▶levels: []}", "forms.patients.fields.sex.levels is empty"),
    ("sex: {levels: {female: F, male: M}}", "sex: {levels: ▶x}", "forms.patients.fields.sex.levels cannot be 'x'"),
    ("sex: {levels: {female: F, male: M}}", "sex: {▶levels: {}}", "forms.patients.fields.sex.levels is empty"),
    (
        "sex: {levels: {female: F, male: M}}",
        "sex: {levels: {female: F, ▶male: }}",
        "forms.patients.fields.sex.levels.male has no value",
    ),
    (
        "sex: {levels: {female: F, male: M}}",
        "sex: {levels: [female, male], ▶unit: kg}",
        "sex is a field of levels, which has no 'unit'",
    ),
    (
        "sex: {levels: {female: F, male: M}}",
        "▶sex: {levels: [female, male], type: text}",
        "sex is of more than one kind: type, levels",
    ),
    ("smoker: yes/no", "▶smoker: {label: smoker}", "nothing says what smoker holds"),
    ("smoker: yes/no", "▶smoker: {type: yes/no, yes: smoking}", "smoker says only one of yes and no"),
    ("smoker: yes/no", "smoker: {type: date, ▶partial: {}}", "partial of smoker says nothing"),
    (
        "smoker: yes/no",
        "smoker: {type: yes/no, ▶partial: {without_day: first}}",
        "smoker is yes/no, which has no 'partial'",
    ),
    (
        "smoker: yes/no",
        "smoker: {type: date, partial: {without_day: ▶second}}",
        "partial.without_day cannot be 'second'",
    ),
    ("smoker: yes/no", "smoker: ▶yes", "forms.patients.fields.smoker cannot be 'yes'"),
    (
        "smoker: yes/no",
        "smoker: {type: yes/no, optional: ▶perhaps}",
        "forms.patients.fields.smoker.optional cannot be 'perhaps'",
    ),
    ("{classification: Stage}", "{classification: ▶Stag}", "no pack has the classification 'Stag'"),
    ("{score: Pain}", "{score: ▶Pian}", "no pack has the instrument 'Pian'"),
    ("{instrument: Joints}", "{instrument: ▶Pain}", "the pack has no items of Pain"),
    ("{instrument: Joints}", "{instrument: ▶HBI}", "no pack has the instrument 'HBI'"),
    ("{lab: CRP, unit: mg/dL", "{lab: ▶CPR, unit: mg/dL", "no pack has the laboratory test 'CPR'"),
    ("{lab: CRP, unit: mg/dL", "{lab: CRP, unit: ▶g/dL", "CRP is not measured in g/dL"),
    ("units: [mg/L]", "units: [▶mmol/L]", "CRP is not measured in mmol/L"),
    ("units: [mg/L]", "units: [mg/L, ▶mg/l]", "the unit mg/l stands here twice"),
    ("units: [mg/L]", "units: [▶mg/dL]", "the unit mg/dL stands here twice"),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{unit: kg, units: [▶mm], decimals: 1, range: [20, 300]}",
        "mm cannot be converted to kg",
    ),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{▶units: [g], decimals: 1, range: [20, 300]}",
        "weight has other units, but no unit of its own",
    ),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{unit: kg, decimals: ▶-1, range: [20, 300]}",
        "forms.visits.fields.weight.decimals cannot be '-1'",
    ),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{unit: kg, decimals: ▶10, range: [20, 300]}",
        "forms.visits.fields.weight.decimals cannot be '10'",
    ),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{unit: kg, decimals: 1, range: ▶[300, 20]}",
        "the range ends before it begins",
    ),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{unit: kg, decimals: 1, range: ▶[20]}",
        "forms.visits.fields.weight.range cannot be [20]",
    ),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{unit: kg, decimals: 1, range: [20, ▶nan]}",
        "forms.visits.fields.weight.range.2 cannot be 'nan'",
    ),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{unit: kg, decimals: 1, range: [20, ▶inf]}",
        "forms.visits.fields.weight.range.2 cannot be 'inf'",
    ),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{unit: kg, decimals: 1, range: [20, ▶1e3]}",
        "forms.visits.fields.weight.range.2 cannot be '1e3'",
    ),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{unit: kg, decimals: 9, range: ▶[20, 999999999999]}",
        "999999999999 with 9 decimals is too large to be held exactly",
    ),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{unit: kg, decimals: 1, range: [20, ▶'20,5']}",
        "forms.visits.fields.weight.range.2 cannot be '20,5'",
    ),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{unit: kg, decimals: 1, range: [20, 300], bands: {a: [20, 100], b: ▶[101, 300]}}",
        "between the bands a and b there is a gap",
    ),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{unit: kg, decimals: 1, range: [20, 300], bands: {a: [20, 100], b: ▶[100, 300]}}",
        "the bands a and b overlap, or stand in the wrong order",
    ),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{unit: kg, decimals: 1, range: [20, 300], bands: {a: ▶[30, 100], b: [100.1, 300]}}",
        "the score begins at 20, its lowest band at 30",
    ),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{unit: kg, decimals: 1, range: [20, 300], bands: {a: [20, 100], b: ▶[100.1, 200]}}",
        "the score goes up to 300, its highest band to 200",
    ),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{unit: kg, decimals: 1, range: [20, 300], bands: {a: ▶[20, 100.25], b: [100.26, 300]}}",
        "the band a ends at 100.25, and the score has `decimals: 1`",
    ),
    (
        "{unit: kg, decimals: 1, range: [20, 300]}",
        "{unit: kg, decimals: 1, range: [20, 300], bands: {a: ▶[100, 20], b: [100.1, 300]}}",
        "the band a ends before it begins",
    ),
    (
        "{score: Pain}",
        "{score: Pain, bands: {low: [0, 5], high: ▶[7, 10]}}",
        "between the bands low and high there is a gap",
    ),
    ("{score: Pain}", "{score: Pain, ▶range: [0, 5]}", "pain is a score, which has no 'range'"),
    (
        "      weight: {unit",
        "      ▶joints_swollen: {type: number}\n      weight: {unit",
        "visits has two fields 'joints_swollen'",
    ),
    (
        "      weight: {unit",
        "      ▶weight: {column: patient, unit",
        "the heading 'patient' is also that of the patients' ids (`key`)",
    ),
    (
        "sex: {levels: {female: F, male: M}}",
        "sex: {levels: {female: F, male: ▶{M: x}}}",
        "forms.patients.fields.sex.levels.male cannot be {M: …}",
    ),
    ("      fall(pain) > 3\n      and crp < 0.5 mg/dL", "      fall(pain) > 3\n      and▶\n", "ends too early"),
    ("swollen: joints_swollen > 0", 'swollen: sex == "▶x"', "'x'"),
    ("  response:\n    at: [week12]\n    is: >-\n      ", "  response:\n    at: [baseline]\n    is: >-\n      ▶", ""),
]

# Names: no name has two meanings

NAMES: list[Case] = [
    ("  heavy: weight@baseline > 100 kg", "  ▶sex: weight@baseline > 100 kg", "'sex' is also a field of patients"),
    ("  heavy: weight@baseline > 100 kg", "  ▶pain: weight@baseline > 100 kg", "'pain' is also a field of visits"),
    (
        "  heavy: weight@baseline > 100 kg",
        "  ▶joints: weight@baseline > 100 kg",
        "'joints' is also an instrument of visits",
    ),
    ("  heavy: weight@baseline > 100 kg", "  ▶doses: weight@baseline > 100 kg", "'doses' is also a form"),
    ("  heavy: weight@baseline > 100 kg", "  ▶week12: weight@baseline > 100 kg", "'week12' is also a visit"),
    (
        "  heavy: weight@baseline > 100 kg",
        "  ▶index_date: weight@baseline > 100 kg",
        "'index_date' is also something that each patient has",
    ),
    (
        "  heavy: weight@baseline > 100 kg",
        "  ▶observed_day: weight@baseline > 100 kg",
        "'observed_day' is also something that each patient has",
    ),
    (
        "  heavy: weight@baseline > 100 kg",
        "  ▶dosing: weight@baseline > 100 kg",
        "'dosing' has a meaning of its own, and cannot be a name",
    ),
    (
        "  heavy: weight@baseline > 100 kg",
        "  ▶dosing.stop_day: weight@baseline > 100 kg",
        "'dosing.stop_day' cannot be a name",
    ),
    ("  heavy: weight@baseline > 100 kg", "  ▶count: weight@baseline > 100 kg", "'count' is also a function"),
    (
        "  heavy: weight@baseline > 100 kg",
        "  ▶not: weight@baseline > 100 kg",
        "'not' has a meaning of its own, and cannot be a name",
    ),
    (
        "  heavy: weight@baseline > 100 kg",
        "  ▶centre: weight@baseline > 100 kg",
        "'centre' is also something that each patient has",
    ),
    ("  remission:\n", "  ▶heavy:\n", "'heavy' is also a derived value"),
    ("  stopped: dosing", "  ▶remission: dosing", "'remission' is also an endpoint"),
    ("  stopped: dosing", "  ▶smoker: dosing", "'smoker' is also a field of patients"),
]

# Expressions: the exact word, also where YAML folds, quotes or breaks the text

EXPRESSIONS: list[Case] = [
    ("is: pain <= 3 and not steroids", "is: pain <= 3 and not ▶steriods", "'steriods'"),
    ("is: pain <= 3 and not steroids", "is: ▶pain <= 3 mm and not steroids", ""),
    ("is: pain <= 3 and not steroids", "is: pain ▶=< 3 and not steroids", "'='"),
    ("is: pain <= 3 and not steroids", "is: ▶pain", ""),
    ("is: pain <= 3 and not steroids", "is: pain <= 3 and▶ ", "ends too early"),
    ("is: pain <= 3 and not steroids", 'is: "pain <= 3 and not ▶steriods"', "'steriods'"),
    ("is: pain <= 3 and not steroids", "is: 'known(stage) and stage == ''early'' and not ▶steriods'", "'steriods'"),
    ("is: pain <= 3 and not steroids", 'is: "pain <= 3 and stage == \\"early\\" and not ▶steriods"', "'steriods'"),
    ("is: pain <= 3 and not steroids", "is: pain <= 3\n      and not\n      ▶steriods", "'steriods'"),
    ("is: pain <= 3 and not steroids", "is: |\n      pain <= 3\n      and not ▶steriods", "'steriods'"),
    ("is: pain <= 3 and not steroids", "is: >- # why\n      pain <= 3\n\n      and not ▶steriods", "'steriods'"),
    (
        "      fall(pain) > 3\n      and crp < 0.5 mg/dL",
        "      fall(pain) > 3\n      and crp < 0.5 ▶mgg/dL",
        "'mgg/dL'",
    ),
    ("      fall(pain) > 3\n      and crp < 0.5 mg/dL", "      fall(pain) > 3\n      and ▶crp < 0.5 mm", ""),
    ("      fall(pain) > 3\n      and crp < 0.5 mg/dL", "      fall(pain) > 3\n      and ▶crp < 0.5", ""),
    (
        "      fall(pain) > 3\n      and crp < 0.5 mg/dL",
        "      fall(pain) > 3\n      and crp@▶week13 < 0.5 mg/dL",
        "'week13'",
    ),
    ("requires: known(pain@baseline)", "requires: ▶pain@baseline", ""),
    ("  response:\n    at: [week12]", "  response:\n    at: [▶week24]", "there is no visit 'week24'"),
    (
        "  response:\n    at: [week12]",
        "  response:\n    at: ▶[week12, week12]",
        "'week12' stands twice in endpoints.response.at",
    ),
    ("  response:\n    at: [week12]", "  response:\n    ▶at: []", "endpoints.response.at is empty"),
    ("  response:\n    at: [week12]", "  response:\n    at: ▶week12", "endpoints.response.at cannot be 'week12'"),
    ("swollen: joints_swollen > 0", "swollen: ▶swollen > 0", "circular definition: swollen → swollen"),
    (
        "swollen: joints_swollen > 0",
        "swollen: ▶later\n  later: swollen and smoker",
        "circular definition: later → swollen → later",
    ),
    (
        "  heavy: weight@baseline > 100 kg",
        "  heavy: cycle_a\n  cycle_a: joints_swollen > 0 and ▶cycle_b\n  cycle_b: joints_swollen > 0 or cycle_a",
        "circular definition: cycle_b → cycle_a → cycle_b",
    ),
    ("  heavy: weight@baseline > 100 kg", "  heavy: second\n  second: ▶wieght@baseline > 100 kg", "'wieght'"),
    ("swollen: joints_swollen > 0", "swollen: ▶sex > 3", ""),
    ("unit: years", "unit: ▶weeks", "derived.age.unit cannot be 'weeks'"),
    ("  heavy: weight@baseline > 100 kg", "  heavy: {is: weight@baseline > 100 kg, unit: ▶years}", "heavy is yes/no"),
    (
        "  heavy: weight@baseline > 100 kg",
        "  heavy: {is: weight > 100 kg, form: ▶patients}",
        "there is no form with many rows 'patients'",
    ),
    (
        "  heavy: weight@baseline > 100 kg",
        "  heavy: {▶definition: Knee remission, form: visits}",
        "heavy is of a row of visits, and a pack's definition is of a patient",
    ),
    ("  heavy: weight@baseline > 100 kg", "  heavy: {is: weight > ▶tall, form: visits}", "'tall'"),
    (
        "  heavy: weight@baseline > 100 kg",
        "  worse: {is: grade > 2, form: events}\n  heavy: ▶worse or age > 90 years",
        "'worse' stands in events, of which a patient may have many rows",
    ),
    (
        "  heavy: weight@baseline > 100 kg",
        "  heavy: {is: weight@baseline, yes: ▶heavy, no: light}",
        "heavy is a number in kg",
    ),
    (
        "  heavy: weight@baseline > 100 kg",
        "  ▶heavy: {is: weight@baseline > 100 kg, yes: heavy}",
        "heavy says only one of yes and no",
    ),
]

# Dosing

DOSING: list[Case] = [
    ("  form: doses", "  form: ▶dose", "there is no form 'dose'"),
    ("  form: doses", "  form: ▶visits", "visits is a form with `rows: visit`"),
    ('  where: drug == "x"', "  where: ▶known(sex)", "here only the row of doses is looked at"),
    ('  where: drug == "x"', "  where: ▶age > 3 years", "'age'"),
    ('  where: drug == "x"', "  where: ▶any(events, where serious)", "here only the row of doses is looked at"),
    ("  reason: reason", "  reason: ▶why", "there is no field of doses 'why'"),
    ("  reason: reason", "  reason: ▶start_date", "start_date is a date"),
    ("  permanent: reason in", "  permanent: ▶raeson in", "'raeson'"),
]

# Eligibility

ELIGIBILITY: list[Case] = [
    (
        "  too young:\n    include: age >= 18 years",
        "  ▶too young:\n    include: age >= 18 years\n    exclude: smoker",
        "'too young' both includes and excludes",
    ),
    (
        "  too young:\n    include: age >= 18 years",
        "  ▶too young:\n    selects_survivors: yes",
        "'too young' neither includes nor excludes",
    ),
    ("  too young:\n    include: age >= 18 years", "  too young:\n    include: ▶age >= 18", ""),
    ("  too young:\n    include: age >= 18 years", "  too young:\n    include: ▶pain >= 18", ""),
    (
        "  too young:\n    include: age >= 18 years",
        "  too young:\n    include: age >= 18 years\n  ▶Too-young:\n    include: smoker",
        "'Too-young' is the same as 'too young', but for signs and capitals",
    ),
    (
        "  too young:\n    include: age >= 18 years",
        "  ▶年齢:\n    include: age >= 18 years",
        "'年齢' has no letters a to z or digits",
    ),
    (
        "  too young:\n    include: age >= 18 years",
        "  ▶undecidable:\n    include: age >= 18 years",
        "'undecidable' is a word of remit",
    ),
    (
        "  too young:\n    include: age >= 18 years",
        "  too young: ▶age >= 18 years",
        "eligibility.too young cannot be 'age >= 18 years'",
    ),
]

# Populations

POPULATIONS: list[Case] = [
    ("  women:\n", "  ▶eligible:\n", "'eligible' is the population that the criteria give"),
    ("  women:\n    where", "  women:\n    of: ▶men\n    where", "there is no population 'men'"),
    (
        "  women:\n    where",
        '  women:\n    of: ▶men\n    where: sex == "female"\n  men:\n    where',
        "the population 'men' comes only below",
    ),
    ("  women:\n    where: sex", "  women: ▶sx", "'sx'"),
    ("  women:\n    where: sex", "  women:\n    where: ▶pain > 3 and sex", ""),
]

# Intercurrent events, estimands, the primary endpoint, subgroups and periods

ESTIMANDS: list[Case] = [
    ("{stopped: composite}", "{▶stoped: composite}", "there is no intercurrent event 'stoped'"),
    ("{stopped: composite}", "{stopped: ▶ignore}", "estimands.main.intercurrent.stopped cannot be 'ignore'"),
    (
        "  main:\n    intercurrent: {stopped: composite}",
        "  ▶main:\n    intercurrent: {}",
        "the estimand main does not say how 'stopped' is handled",
    ),
    (
        "  main:\n    intercurrent: {stopped: composite}",
        "  ▶main:\n    label: Main",
        "the estimand main does not say how 'stopped' is handled",
    ),
    ("  main:\n", "  ▶complete:\n", "'complete' has a meaning of its own, and cannot be a name"),
    ("  main:\n", "  ▶observed:\n", "'observed' has a meaning of its own, and cannot be a name"),
    ("endpoint: remission", "endpoint: ▶remision", "there is no endpoint 'remision'"),
    ("visit: week12, pop", "visit: ▶baseline, pop", "there is no visit of remission 'baseline'"),
    ("population: eligible", "population: ▶eligibles", "there is no population 'eligibles'"),
    ("estimand: main", "estimand: ▶mian", "there is no estimand 'mian'"),
    (
        'estimand: main}\nsubgroups:\n  sex: sex\nperiods:\n  before: day < 0 days\n  after: "yes"\nanalyses:\n',
        "estimand: ▶mian}\nanalyses:\n  why: {kind: predictors, rows: [sex]}\n",
        "there is no estimand 'mian'",
    ),
    ("analyses:\n", "analyses:\n  what_if: {kind: sensitivity, benchmark: ▶100 %}\n", "benchmark cannot be '100 %'"),
    ("subgroups:\n  sex: sex", "subgroups:\n  sex: ▶sx", "'sx'"),
    ("subgroups:\n  sex: sex", "subgroups:\n  age: ▶age", "this is a time between two dates"),
    ("  before: day < 0 days", "  before: ▶dai < 0 days", "'dai'"),
    ("  before: day < 0 days", "  ▶all: day < 0 days", "'all' is a word of remit"),
    (
        "  before: day < 0 days",
        "  before: ▶any(doses, where start_date < index_date)",
        "a period cannot ask for other rows",
    ),
    ('  after: "yes"', '  ▶Before: "yes"', "'Before' is the same as 'before', but for signs and capitals"),
]

# Analyses

LABELS: list[Case] = [
    (
        "week12: {day: 84,",
        "week12: {label: ▶baseline, day: 84,",
        "week12 is labelled 'baseline', as baseline is",
    ),
    (
        "  response:\n    at: [week12]",
        "  response:\n    at: [week12]\n    label: ▶Remission",
        "response is labelled 'Remission', as remission is",
    ),
    (
        "  women:\n    where",
        "  women:\n    label: ▶Eligible patients\n    where",
        "women is labelled 'Eligible patients', as eligible is",
    ),
]

ANALYSES: list[Case] = [
    ("kind: summary", "kind: ▶sumary", "there is no kind 'sumary' of analysis"),
    ("  baseline:\n    kind: summary\n", "  ▶baseline:\n", "analyses.baseline does not say of which kind it is"),
    ("  baseline:\n    kind: summary\n", "  ▶remission:\n    kind: summary\n", "'remission' is also an endpoint"),
    ("  baseline:\n    kind: summary\n", "  ▶patients:\n    kind: summary\n", "'patients' is also a form"),
    (
        "  baseline:\n    kind: summary\n",
        "  baseline:\n    kind: summary\n    populations: [eligible, ▶men]\n",
        "there is no population 'men'",
    ),
    (
        "  baseline:\n    kind: summary\n",
        "  baseline:\n    kind: summary\n    populations: ▶[eligible, eligible]\n",
        "'eligible' stands twice in analyses.baseline.populations",
    ),
    (
        "  baseline:\n    kind: summary\n",
        "  baseline:\n    kind: summary\n    ▶population: [eligible]\n",
        "'population' is not known in analyses.baseline",
    ),
    ("      - age\n", "      - ▶ages\n", "'ages'"),
    ("      - age\n", "      - ▶birth_date\n", "this is a date"),
    ("      - age\n", "      - ▶pain\n", ""),
    ("      - age\n", "      - age\n      - ▶age\n", "two rows are called 'age': this one and row 1"),
    ("      - age\n", "      - {is: age, among: ▶heavyy}\n", "'heavyy'"),
    ("      - age\n", "      - {is: age, among: ▶age}\n", ""),
    ("      - age\n", "      - {▶was: age}\n", "'was' is not known in analyses.baseline.rows.1"),
    ("      - age\n", "      - ▶{is: age > 18 years, label: '≥'}\n", "no name can be made of this label"),
    (
        "    populations: {week12: [eligible, women]}",
        "    populations: {▶week13: [eligible, women]}",
        "there is no visit 'week13'",
    ),
    (
        "    populations: {week12: [eligible, women]}",
        "    populations: {▶baseline: [eligible, women], week12: [eligible]}",
        "no endpoint of this analysis is at baseline",
    ),
    (
        "    populations: {week12: [eligible, women]}",
        "    populations: {week12: [eligible, ▶men]}",
        "there is no population 'men'",
    ),
    (
        "    populations: {week12: [eligible, women]}",
        "    populations: [eligible, ▶men]",
        "there is no population 'men'",
    ),
    (
        "    populations: {week12: [eligible, women]}",
        "    populations: {week12: [eligible, women]}\n    endpoints: [▶remision]",
        "there is no endpoint 'remision'",
    ),
    (
        "    populations: {week12: [eligible, women]}",
        "    populations: {week12: [eligible, women]}\n    subgroups: [▶sx]",
        "there is no subgroup 'sx'",
    ),
    (
        "    populations: {week12: [eligible, women]}",
        "    populations: {week12: ▶eligible}",
        "analyses.effect.populations.week12 cannot be 'eligible'",
    ),
    ("rows: [pain, crp]", "rows: [pain, ▶sex]", "this is a level (female, male)"),
    ("rows: [pain, crp]", "rows: [pain, ▶pian]", "'pian'"),
    ("rows: [pain, crp]", "rows: [pain, ▶grade]", "'grade'"),
    ("rows: [pain, crp]", "▶rows: []", "analyses.course.rows is empty"),
    ("rows: [pain, crp]", "rows: [▶pain@baseline]", "this is the same at each visit"),
    ("rows: [pain, crp]", "rows: [▶change(pain)]", ""),
    ("rows: [pain, crp]", "rows: [pain]\n    visits: [▶week13]", "there is no visit 'week13'"),
    ("    form: events\n", "    form: ▶event\n", "there is no form 'event'"),
    ("    form: events\n", "    form: ▶patients\n", "patients is a form with `rows: once`"),
    ("    term: term", "    term: ▶terms", "there is no field of events 'terms'"),
    ("    term: term", "    term: ▶grade", "grade is a number"),
    ("by: [grade, serious]", "by: [grade, ▶seriuos]", "there is no field of events 'seriuos'"),
    ("by: [grade, serious]", "by: ▶[grade, grade]", "'grade' stands twice in analyses.safety.by"),
    ("by: [grade, serious]", "by: [grade, ▶term]", "'term' is what the events are listed by already"),
    ("by: [grade, serious]", "by: [grade, ▶start]", "start is a date"),
    (
        "special_interest: tiny_events",
        "special_interest: ▶tiny_event",
        "there is no list of events of special interest 'tiny_event'",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        *FILE,
        *CHARTS,
        *FORMS,
        *FIELDS,
        *NAMES,
        *EXPRESSIONS,
        *DOSING,
        *ELIGIBILITY,
        *POPULATIONS,
        *ESTIMANDS,
        *LABELS,
        *ANALYSES,
    ],
)
def test_the_message_names_the_place(old: str, new: str, what: str, tmp_path: Path) -> None:
    error = wrong_study(tmp_path, changed(STUDY, old, new))
    assert what in error.what
    assert error.remedy
    assert str(error) == f"{error.where}: {error.what}\n  {error.remedy}"


@pytest.mark.parametrize("number", range(STUDY.count("\n")))
def test_without_any_line_it_is_a_study_or_an_error_that_names_a_place(number: int, tmp_path: Path) -> None:
    lines = STUDY.splitlines(keepends=True)
    path = written(tmp_path, "".join(lines[:number] + lines[number + 1 :]))
    try:
        read_study(path)
        where = f"{path}:1:1"
    except WrongInput as error:
        where = error.where
    assert re.fullmatch(rf"{re.escape(str(path))}:\d+:\d+", where)
