"""A lock holds what was planned, is never written anew, and says when it was altered."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from remit.errors import WrongInput
from remit.plan.lock import lock_study, locks_of
from remit.run import run_study
from remit.study.build import read_study
from tests.unit.plan.small import changed, written


@pytest.fixture(autouse=True)
def _time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def test_what_a_lock_holds(tmp_path: Path) -> None:
    lock = lock_study(written(tmp_path))
    assert (lock.number, lock.locked, lock.registration) == (1, "2023-11-14T22:13:20+00:00", "NCT00000000")
    told = yaml.safe_load((tmp_path / "study.lock" / "1" / "lock.yaml").read_text("utf-8"))
    assert [*told["plan"]][:3] == ["primary result", "endpoint", "estimand"]
    assert told["plan"]["endpoint"]["relief"]["is"] == "at week4, week8: pain is at most 3"
    assert told["plan"]["population"]["women"]["is"] == "of eligible: sex is f"
    assert lock.study().endpoints.keys() == {"relief", "free"}


def test_the_same_is_not_locked_twice(tmp_path: Path) -> None:
    lock_study(written(tmp_path))
    with pytest.raises(WrongInput, match="are those that were locked on 2023-11-14"):
        lock_study(tmp_path, because="why not")


def test_an_amendment_says_why_and_what_it_changed(tmp_path: Path) -> None:
    first = lock_study(written(tmp_path))
    changed(tmp_path, ("pain <= 3", "pain <= 4"))
    with pytest.raises(WrongInput, match="Say why it is amended"):
        lock_study(tmp_path)
    second = lock_study(tmp_path, because="The committee asked for it.")
    assert second.number == 2
    (difference,) = second.differences
    assert difference.said == "endpoint “Relief” is changed"
    assert locks_of(read_study(tmp_path))[0] == first


def test_a_lock_that_was_altered(tmp_path: Path) -> None:
    lock = lock_study(written(tmp_path))
    path = lock.folder / "lock.yaml"
    path.write_text(path.read_text("utf-8").replace("at most 3", "at most 4"), "utf-8")
    with pytest.raises(WrongInput, match=r"lock\.yaml: it was altered after it was locked"):
        run_study(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_locked_file_that_was_changed_or_is_gone(tmp_path: Path) -> None:
    lock = lock_study(written(tmp_path))
    kept = lock.folder / "study.yaml"
    kept.write_text(kept.read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(WrongInput, match="it was changed since it was locked"):
        locks_of(read_study(tmp_path))
    kept.unlink()
    with pytest.raises(WrongInput, match="it was locked, and is gone"):
        locks_of(read_study(tmp_path))
    (lock.folder / "lock.yaml").unlink()
    with pytest.raises(WrongInput, match="it is gone, or cannot be read"):
        locks_of(read_study(tmp_path))


def test_a_lock_that_is_gone(tmp_path: Path) -> None:
    lock_study(written(tmp_path))
    lock_study(changed(tmp_path, ("pain <= 3", "pain <= 4")), because="so")
    third = lock_study(changed(tmp_path, ("pain <= 4", "pain <= 5")), because="so")
    (tmp_path / "study.lock" / "2").rename(tmp_path / "elsewhere")
    with pytest.raises(WrongInput, match="there is a lock 3, and lock 2 is gone"):
        locks_of(read_study(tmp_path))
    third.folder.rename(tmp_path / "study.lock" / "2")
    with pytest.raises(WrongInput, match="it follows another lock"):
        locks_of(read_study(tmp_path))


def test_a_lock_of_another_study(tmp_path: Path) -> None:
    lock_study(written(tmp_path))
    changed(tmp_path, ("id: pain", "id: itch"))
    with pytest.raises(WrongInput, match=r"it locks the study 'pain', and study\.yaml is 'itch'"):
        locks_of(read_study(tmp_path))


def key_in(folder: Path) -> Path:
    """A private key, made by the tool that must be there where all tests are run."""
    if shutil.which("ssh-keygen") is None and not os.environ.get("CI"):
        pytest.skip("OpenSSH's ssh-keygen is not installed")
    key = folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    return key


def test_a_signature(tmp_path: Path) -> None:
    key = key_in(tmp_path)
    lock = lock_study(written(tmp_path / "study"), key=key)
    done = run_study(tmp_path / "study", tmp_path / "out")
    assert done.note.plan is not None
    assert (done.note.plan.signature or "").startswith("signed with the ED25519 key SHA256:")
    other = lock.folder / "lock.yaml.sig"
    other.write_text(other.read_text("utf-8").replace("A", "B", 3), "utf-8")
    with pytest.raises(WrongInput, match=r"it is not the signature of lock\.yaml"):
        run_study(tmp_path / "study", tmp_path / "out")


@pytest.mark.parametrize("name", ["none", "text"])
def test_a_key_that_is_none(tmp_path: Path, name: str) -> None:
    (tmp_path / "text").write_text("no key", "utf-8")
    with pytest.raises(WrongInput, match="--sign"):
        lock_study(written(tmp_path / "study"), key=tmp_path / name)
    assert not (tmp_path / "study" / "study.lock" / "1").exists()


def test_a_signature_that_is_gone(tmp_path: Path) -> None:
    lock = lock_study(written(tmp_path), key=key_in(tmp_path))
    (lock.folder / "lock.yaml.sig").unlink()
    with pytest.raises(WrongInput, match="it was signed, and its signature is gone"):
        locks_of(read_study(tmp_path))


def test_an_amendment_of_a_lock_with_a_wrong_signature(tmp_path: Path) -> None:
    lock = lock_study(written(tmp_path), key=key_in(tmp_path))
    (lock.folder / "lock.yaml.sig").write_text("none", "utf-8")
    changed(tmp_path, ("pain <= 3", "pain <= 4"))
    with pytest.raises(WrongInput, match="it is not the signature of"):
        lock_study(tmp_path, because="The committee asked for it.")


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_that_says_nothing(tmp_path: Path, reason: str) -> None:
    lock_study(written(tmp_path))
    changed(tmp_path, ("pain <= 3", "pain <= 4"))
    with pytest.raises(WrongInput, match="Say why it is amended"):
        lock_study(tmp_path, because=reason)


def test_a_lock_that_cannot_be_signed_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="there is no key"):
        lock_study(written(tmp_path), key=tmp_path / "none")
    assert not (tmp_path / "study.lock").exists()


def test_all_locks_are_gone(tmp_path: Path) -> None:
    lock = lock_study(written(tmp_path))
    shutil.rmtree(lock.folder)
    with pytest.raises(WrongInput, match="the folder of the locks holds none"):
        locks_of(read_study(tmp_path))
    (tmp_path / "study.lock").rmdir()
    (tmp_path / "study.lock").write_text("a lock", "utf-8")
    with pytest.raises(WrongInput, match="it is a file"):
        locks_of(read_study(tmp_path))


@pytest.mark.parametrize(
    ("made_of", "told"),
    [
        (lambda body: "", "does not say what a lock says"),
        (lambda body: "study: [\n", "is no YAML"),
        (lambda body: "study: pain\n", "does not say what a lock says"),
        (lambda body: body.replace("locked: '2", "locked: 'x"), "does not say what a lock says"),
        (lambda body: body.replace("number: 1", "number: 2"), "says that it is lock 2, and lies in the folder 1"),
    ],
)
def test_a_lock_whose_checksum_was_written_anew(tmp_path: Path, made_of: Callable[[str], str], told: str) -> None:
    path = lock_study(written(tmp_path)).folder / "lock.yaml"
    body = made_of(path.read_text("utf-8").rpartition("checksum: ")[0])
    path.write_text(f"{body}checksum: {hashlib.sha256(body.encode()).hexdigest()}\n", "utf-8")
    with pytest.raises(WrongInput, match=told):
        locks_of(read_study(tmp_path))
