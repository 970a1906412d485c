"""What is asked of `remit simulate`, checked. Raises WrongInput."""

from __future__ import annotations

import re
from fractions import Fraction

from remit.errors import WrongInput

MOST_PATIENTS = 5_000_000
MOST_REPEATED = 2_000_000  # patients of all studies of one size together


def numbers_in(written: str, option: str) -> list[int]:
    """The whole numbers of an option: "40,64,100"."""
    parts = [part.strip() for part in written.split(",")]
    for part in parts:
        if not re.fullmatch(r"[+-]?[0-9]{1,30}", part):
            raise WrongInput(option, f"'{part}' is not a whole number", "Write it in digits, as in 64.")
    return [int(part) for part in parts]


def sizes_in(written: str) -> list[int]:
    """Of --patients: one number, or several."""
    sizes = numbers_in(written, "--patients")
    for size in sizes:
        check_patients(size)
    return sizes


def number_in(written: str, option: str) -> int:
    found = numbers_in(written, option)
    if len(found) > 1:
        raise WrongInput(option, f"'{written}' is more than one number", "Write one.")
    return found[0]


def share_in(written: str, option: str) -> Fraction:
    """40 % or 0.4."""
    match = re.fullmatch(r"\s*([0-9]{1,3}(?:\.[0-9]{1,9})?)\s*(%?)\s*", written)
    share = Fraction(match[1]) / (100 if match[2] else 1) if match else Fraction(-1)
    if not 0 <= share <= 1:
        raise WrongInput(option, f"'{written}' is not a share", "Write it as in 40 % or 0.4.")
    return share


def check_patients(patients: int) -> None:
    if patients < 1:
        raise WrongInput("--patients", f"{patients} patients cannot be drawn", "Write 1 or more.")
    if patients > MOST_PATIENTS:
        what = f"{patients:,} patients are too many: all are held in memory, with some 3 GB a million"
        raise WrongInput("--patients", what, f"Up to {MOST_PATIENTS:,} are possible.")


def check_repeat(repeat: int, patients: int) -> None:
    if repeat < 1:
        raise WrongInput("--repeat", f"a study cannot be drawn {repeat} times", "Write 1 or more, as in 1000.")
    if repeat * patients > MOST_REPEATED:
        what = f"{repeat:,} studies of {patients:,} are too many patients: all are held in memory"
        raise WrongInput(
            "--repeat", what, f"With {patients:,} patients, up to {MOST_REPEATED // patients:,} are possible."
        )


def check_seed(seed: int) -> None:
    if seed < 0:
        raise WrongInput("--seed", f"{seed} is below 0", "Write a whole number, 0 or more.")
