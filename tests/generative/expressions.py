"""Random expressions, as text, that are well typed in the small study of the specs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

VISITS = ("baseline", "week12", "week24")
OPERATORS = ("<", "<=", ">", ">=", "==", "!=")
MANY_ROWS = ("visits", "treatment", "steroids", "adverse_events", "samples")

# By what is measured: the fields at a visit, those filled once, and those of rows by form.
AT_VISITS = {
    "score": ("hbi", "wellbeing", "pain", "stools", "clinic_score"),
    "mm": ("bwt_ileum", "bwt_colon"),
    "crp": ("crp", "crp_sent"),
    "calprotectin": ("calprotectin", "calprotectin", "calprotectin_sent"),
    "creatinine": ("creatinine", "creatinine_sent"),
    "days": (),
    "mg": (),
}
ONCE = {"score": ("ses_cd",), "days": ("dosing.stop_day",)}
IN_ROWS: dict[str, dict[str, tuple[str, ...]]] = {
    "visits": AT_VISITS,
    "treatment": {"mg": ("dose",), "days": ("day",)},
    "steroids": {"mg": ("dose",), "days": ("day",)},
    "adverse_events": {"score": ("grade",), "days": ("day",)},
    "samples": {"calprotectin": ("result",), "days": ("day",)},
}
ROW_DATES = {
    "visits": ("visit_date",),
    "treatment": ("start_date", "stop_date"),
    "steroids": ("start_date", "stop_date"),
    "adverse_events": ("start_date",),
    "samples": ("taken",),
}
UNITS = {
    "score": ("",),
    "mm": (" mm", ""),
    "crp": (" mg/dL", " mg/dL"),
    "calprotectin": (" ug/g", ""),
    "creatinine": (" umol/L", ""),
    "days": (" days", " days"),
    "mg": (" mg", ""),
}
DECIMALS = {"mm": 1, "crp": 2, "mg": 1}
KINDS = (*AT_VISITS, "calprotectin", "calprotectin", "days")  # censored ones more often


@dataclass(frozen=True)
class Writer:
    """Writes expressions: about a patient at a visit, or about a row of `form`."""

    random: Random
    form: str | None = None

    def one(self, *options: str) -> str:
        return self.random.choice(options)

    # Yes or no

    def truth(self, depth: int) -> str:
        if depth <= 0:
            return self.random.choice((self.fact, self.level, self.text))()
        deeper = depth - 1
        kind = self.random.randrange(15)
        if kind == 0:
            return f"not {self.bracketed(deeper)}"
        if kind <= 3:
            return f"({self.truth(deeper)} {self.one('and', 'or')} {self.truth(deeper)})"
        if kind == 4:
            return f"known({self.random.choice((self.truth, self.any_number, self.date))(deeper)})"
        if kind == 5 and self.form is None:
            return self.rows(deeper)
        if kind == 6:
            return self.quotient(deeper)
        if kind == 7:
            return self.time(deeper)
        if kind == 8:
            return f"{self.date(deeper)} {self.one(*OPERATORS)} {self.date(deeper)}"
        if kind == 9 and self.form in ("treatment", "steroids"):
            return f"covers({self.date(deeper)})"
        if kind == 10:
            parts = ", ".join(self.truth(0) for _ in range(self.random.randint(2, 3)))
            return f"how_many({parts}) {self.one(*OPERATORS)} {self.random.randint(0, 3)}"
        if kind == 14:
            two = self.random.choice((self.truth, self.truth, self.date))
            last = "" if two == self.truth else f" {self.one(*OPERATORS)} {self.date(0)}"
            return f"if({self.truth(0)}, {two(0)}, {two(0)}){last}"
        if kind == 11:
            return self.random.choice((self.fact, self.level, self.text))()
        return self.comparison(deeper)

    def bracketed(self, depth: int) -> str:
        return f"({self.truth(depth)})"

    def fact(self) -> str:
        at = self.at()
        facts = ["smoker", "prior_vte", f"visits.steroids{at}", f"(hbi{at} <= 3)", "yes", "no"]
        if self.form == "adverse_events":
            facts += ["serious", "related", "serious", "related"]
        return self.random.choice(facts)

    def level(self) -> str:
        at, where = self.at(), self.one("", f", where {self.within('treatment', 1)}" if self.form is None else "")
        return self.random.choice(
            (
                f'sex {self.one("==", "!=")} "female"',
                f'location{self.one(" not", "")} in ("ileal", "colonic")',
                f"drainage{at} {self.one('==', '!=')} drainage@baseline",
                f'cramps{at} {self.one("<=", ">", "==")} "mild"',
                f'cramps{at} {self.one("<", ">=")} "severe"',
                f'band(hbi{at}) {self.one("==", "!=", "<=", ">")} "{self.one("mild", "moderate")}"',
                f'range_level(hbi{at}, {self.leaf("score")}, 7) {self.one("==", "<=", ">")} "normal"',
                f'last(treatment.stop_reason{where}) == "schedule"',
            )
        )

    def text(self) -> str:
        texts = ["last_drug"] + (["drug"] * 3 if self.form in ("treatment", "steroids") else [])
        texts += ["term"] * 3 if self.form == "adverse_events" else []
        return f"{self.random.choice(texts)} " + self.random.choice(
            (
                '== "infliximab"',
                '!= "PREDNISONE"',
                "in anti_tnf",
                'not in ("prednisone", "adalimumab")',
                "== last_drug",
            )
        )

    def rows(self, depth: int) -> str:
        form = self.one(*MANY_ROWS)
        where = self.within(form, depth)
        return self.random.choice(
            (
                f"any({form}, where {where})",
                f"all({form}, that {where})",
                f"all({form}, that {where}, where {self.within(form, 0)})",
                f"count({form}, where {where}) {self.one(*OPERATORS)} {self.random.randint(0, 2)}",
            )
        )

    def within(self, form: str, depth: int) -> str:
        return replace(self, form=form).truth(min(depth, 2))

    # Numbers

    def at(self) -> str:
        """The visit: none stands for the visit of the expression, or for the row's own; other rows must say it."""
        if self.form is None or self.form == "visits":
            return self.one("", "", "@baseline", "@week24")
        return "@" + self.one(*VISITS)

    def constant(self, kind: str) -> str:
        decimals = self.random.randint(0, DECIMALS.get(kind, 0) + 1)
        unit = self.one(*UNITS[kind])
        value = self.random.randint(0, 4 * 10**decimals)
        if kind == "calprotectin":
            value += 47 * 10**decimals
        return f"{value / 10**decimals:.{decimals}f}{unit}"

    def field(self, kind: str) -> str:
        """One that is charted at visits."""
        return self.one(*(name for name in AT_VISITS[kind] if name != "clinic_score")) + self.at()

    def leaf(self, kind: str) -> str:
        found = [f"{name}{self.at()}" for name in AT_VISITS[kind]] + list(ONCE.get(kind, ()))
        if self.form is not None:
            found += 3 * list(IN_ROWS[self.form].get(kind, ()))
        if kind == "days":
            found.append(self.span())
        return self.random.choice(found) if found and self.random.random() < 0.8 else self.constant(kind)

    def span(self) -> str:
        return f"({self.date(0)} - {self.date(0)})"

    def any_number(self, depth: int) -> str:
        return self.number(self.one(*KINDS), depth)

    def number(self, kind: str, depth: int) -> str:
        if depth <= 0:
            return self.leaf(kind)
        deeper = depth - 1
        one = self.number(kind, deeper)
        choice = self.random.randrange(15)
        if choice <= 2:
            return f"({one} {self.one('+', '-')} {self.number(kind, deeper)})"
        if choice == 3:
            return f"-{one}" if not one.startswith("-") else one
        if choice == 4:
            return f"({self.one('2', '0.5', '0', '-1', '3')} * {one})"
        if choice == 5:
            others = ", ".join(self.leaf(kind) for _ in range(self.random.randint(1, 2)))
            return f"{self.one('max', 'min', 'sum_known')}({one}, {others})"
        if choice == 6 and self.form is None and AT_VISITS[kind]:
            measured = ", ".join(self.field(kind) for _ in range(self.random.randint(1, 3)))
            carried = f"last_observed({self.one(one, self.field(kind))} + {self.one(*AT_VISITS[kind])})"
            return self.one(f"max_measured({measured})", carried)
        if choice == 7 and self.form is None and AT_VISITS[kind]:
            return f"{self.one('change', 'fall')}({self.one(*AT_VISITS[kind])})"
        if choice in (8, 9) and self.form is None:
            return self.of_rows(kind, deeper)
        if choice == 10 and kind == "score":
            return f"({one} * {self.leaf(kind)})"
        if choice == 11:
            return f"if({self.truth(0)}, {one}, {self.leaf(kind)})"
        if choice == 12:
            return self.plain(kind, one)
        return self.leaf(kind)

    def plain(self, kind: str, one: str) -> str:
        """What is only of plain numbers: roots and logarithms; of others a part or a round number of them."""
        if kind != "score":
            return self.one(f"({one} / {self.one('2', '4', '0.5')})", f"round({one}, {self.one('0', '1')})")
        return self.one(
            f"sqrt({one})",
            f"(0.5 * ln({one} + 1))",
            f"round({one} / {self.leaf(kind)}, {self.one('0', '2')})",
            f"sqrt({self.leaf('calprotectin')} / 1 ug/g)",
            f"if({self.truth(0)}, {one})",
        )

    def of_rows(self, kind: str, depth: int) -> str:
        forms = [form for form, fields in IN_ROWS.items() if fields.get(kind)]
        if not forms:
            return self.leaf(kind)
        form = self.random.choice(forms)
        field = self.one(*IN_ROWS[form][kind])
        where = self.random.choice(("", f", where {self.within(form, depth)}"))
        return f"{self.one('sum', 'min', 'max', 'first', 'last')}({form}.{field}{where})"

    def comparison(self, depth: int) -> str:
        kind = self.one(*KINDS)
        one, other = self.number(kind, depth), self.number(kind, depth)
        if self.random.random() < 0.2:
            return f"{self.constant(kind)} {self.one('<', '<=')} {one} {self.one('<', '<=')} {self.constant(kind)}"
        return f"{one} {self.one(*OPERATORS)} {other}"

    def quotient(self, depth: int) -> str:
        kind = self.one("score", "mm", "crp", "calprotectin", "creatinine")
        top, bottom = self.number(kind, depth), self.number(kind, min(depth, 1))
        if kind == "score" and self.random.random() < 0.3:
            top, bottom = f"{self.leaf(kind)} {self.one('+', '-', '*')} {top}", bottom
            return f"{self.leaf(kind)} {self.one('+', '-', '*')} ({top}) / ({bottom}) {self.one(*OPERATORS)} 2"
        limit = (
            self.one("50 %", "1", "0", "-1", "1/3", "2", "1.5", "hbi", "-1/2")
            if self.form is None
            else self.one("1", "-2")
        )
        return f"({top}) / ({bottom}) {self.one(*OPERATORS)} {limit}"

    # Dates

    def date(self, depth: int) -> str:
        found = ["index_date", "birth_date", "diagnosis_date", f"visit_date{self.at()}", "2024-02-29", "1970-01-01"]
        if self.form is not None:
            found += 4 * list(ROW_DATES[self.form])
        elif depth > 0:
            form = self.one(*MANY_ROWS)
            where = self.random.choice(("", f", where {self.within(form, depth - 1)}"))
            found += 2 * [f"{self.one('first', 'last', 'min', 'max')}({form}.{self.one(*ROW_DATES[form])}{where})"]
        day = self.random.choice(found)
        moved = self.random.random()
        if moved < 0.2:
            return f"({day} {self.one('+', '-')} {self.one('1 day', '30 days', '4 weeks')})"
        return f"({day} + dosing.stop_day)" if moved < 0.23 else day

    def time(self, depth: int) -> str:
        limit = self.one(
            "0 days", "30 days", "-1 day", "1 month", "2 months", "18 years", "-1 month", "0 months", "1 year"
        )
        return f"{self.date(depth)} - {self.date(depth)} {self.one(*OPERATORS)} {limit}"
