"""How the numbers of a measure are printed: a proportion in percent, a rate per 100 person-years."""

from __future__ import annotations

from dataclasses import dataclass

from remit.report.numbers import percentage, rounded

PERCENT = "%"


@dataclass(frozen=True)
class Shown:
    """`factor`: by which a number is multiplied; `short`: what stands above a column of them."""

    title: str
    factor: float = 1.0
    decimals: int = 2
    short: str = "Estimate"

    def number(self, value: float) -> str:
        if self.short == PERCENT:
            return percentage(self.factor * value)
        return rounded(self.factor * value, self.decimals)

    def interval(self, lower: float, upper: float) -> str:
        return f"{self.number(lower)} to {self.number(upper)}"


def shown(told: str) -> Shown:
    """`told`: what the scale tells."""
    match told:
        case "proportion":
            return Shown("Proportion, %", 100, 1, PERCENT)
        case "risk difference":
            return Shown("Risk difference, percentage points", 100, 1)
        case "rate":
            return Shown("Rate per 100 person-years", 100)
        case "rate difference":
            return Shown("Rate difference per 100 person-years", 100)
    return Shown(told[0].upper() + told[1:])
