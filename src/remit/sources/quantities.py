"""Reading a number cell into its field's unit and decimals, exactly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from remit.language.types import Number
from remit.sources import numbers
from remit.sources.numbers import DecimalSign
from remit.sources.readings import Reading, refused
from remit.sources.sheets import Cell, Corrected, fold
from remit.study.forms import Field


@dataclass(frozen=True)
class NumberReader:
    """The number written × the factor of its unit × 10^decimals must be a whole number within the type's limit.

    unit: the one that the column is written in, None for a field without units.
    """

    field: Field
    type: Number
    unit: str | None
    decimal: DecimalSign

    def __call__(self, cell: Cell) -> Reading:
        if isinstance(cell, bool):
            return refused("not-a-number", "this is true/false, not a number; write the number")
        if isinstance(cell, Decimal):
            return self.exact(Fraction(cell), sign="", plain=True)
        if isinstance(cell, int | float):
            return self.exact(Fraction(numbers.from_excel(cell)), sign="", plain=True)
        if isinstance(cell, Corrected):
            return replace(self, decimal="point").text(fold(cell))
        if isinstance(cell, str):
            return self.text(fold(cell))
        return refused("not-a-number", "this is a date or a time; write the number and format the cell as a number")

    def text(self, written: str) -> Reading:
        sign, digits = numbers.split(written)
        number = numbers.parse(digits, self.decimal)
        if number is not None:
            return self.exact(Fraction(number), sign, numbers.is_plain(digits, self.decimal))
        if any(read(digits) is not None for read in numbers.READINGS.values()):
            return refused(
                "against-habit", f"this column is written with a decimal {self.decimal}; write the number so"
            )
        reason = "the cell must hold a number alone; a unit stands in the heading, a remark in a column of its own"
        return refused("not-a-number", reason)

    def exact(self, written: Fraction, sign: str, plain: bool) -> Reading:
        """The reading of a number. sign: of a censored one; plain: no habit was needed to read its digits."""
        factor = self.field.units.get(self.unit or "", Fraction(1))
        value = written * factor
        scaled = value * 10**self.type.decimals
        problem = self.censoring(sign) or self.out_of_range(value, sign) or self.inexact(value, scaled)
        if problem is not None:
            return problem
        return replace(self.reading(value, sign, plain), doubt=self.implausible(value, sign))

    def reading(self, value: Fraction, sign: str, plain: bool) -> Reading:
        """The reading of a number that the field can hold, in its own unit."""
        factor = self.field.units.get(self.unit or "", Fraction(1))
        scaled = value * 10**self.type.decimals
        shown = self.show(value)
        how = [f"from {self.unit}, exactly"] if factor != 1 else []
        how += [] if plain else [f"text read with a decimal {self.decimal}"]
        if sign:
            below = sign == "<"
            how.insert(0, f"{'below' if below else 'above'} the limit of the test")
            return Reading(int(scaled), -1 if below else 1, "censored", "censored", f"{sign}{shown}", "; ".join(how))
        if how:
            code = "unit" if factor != 1 else "decimal-sign"
            return Reading(int(scaled), 0, "converted", code, shown, "; ".join(how))
        return Reading(int(scaled), 0)

    def censoring(self, sign: str) -> Reading | None:
        if sign and sign not in "<>":
            return refused(
                "censored-or-equal", f"only < and > can be held, not {sign}; write one of them, or the value"
            )
        if sign and not self.type.censored:
            reason = f"{self.field.name} is not declared as censored; declare it in the study file, or write the value"
            return refused("censored-not-declared", reason)
        return None

    def out_of_range(self, value: Fraction, sign: str) -> Reading | None:
        low, high = self.field.low, self.field.high
        if not outside(value, sign, low, high):
            return None
        return refused(
            "out-of-range", f"{sign}{self.show(value)} is not possible; the field goes {self.span(low, high)}"
        )

    def implausible(self, value: Fraction, sign: str) -> str:
        """Why a value that is possible should be looked at; "" if it need not be."""
        low, high = self.field.plausible
        if not outside(value, sign, low, high):
            return ""
        return f"{sign}{self.show(value)} is used, but rare: most values go {self.span(low, high)}; is it right?"

    def span(self, low: Fraction | None, high: Fraction | None) -> str:
        bounds = {"from": low, "to": high}
        return " ".join(f"{word} {self.show(bound)}" for word, bound in bounds.items() if bound is not None)

    def inexact(self, value: Fraction, scaled: Fraction) -> Reading | None:
        if abs(scaled) > self.type.limit:
            return refused("too-large", f"{self.show(value)} is more than the field can hold")
        if scaled.denominator == 1:
            return None
        needed, declared = numbers.decimals_of(value), self.type.decimals
        if needed is None:
            return refused("not-decimal", f"{self.show(value)} has no end in decimals; write it in {self.own_unit}")
        remedy = f"correct it in the chart, or declare decimals: {needed} in the study file"
        if declared == 0:
            return refused("not-whole", f"{self.show(value)} is not a whole number; {remedy}")
        return refused("too-many-decimals", f"{self.show(value)} has {needed} decimals, the field {declared}; {remedy}")

    def show(self, value: Fraction) -> str:
        return f"{numbers.show(value)} {self.own_unit}".rstrip()

    @property
    def own_unit(self) -> str:
        return next(iter(self.field.units), self.type.unit)


def outside(value: Fraction, sign: str, low: Fraction | None, high: Fraction | None) -> bool:
    """Whether a value, or all that a censored one may be, lies outside these bounds."""
    too_low = low is not None and (value <= low if sign == "<" else value < low)
    too_high = high is not None and (value >= high if sign == ">" else value > high)
    return too_low or too_high
