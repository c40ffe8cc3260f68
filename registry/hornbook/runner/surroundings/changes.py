"""What a run ran on, held against what is here now: what is another, and whether it matters to the result."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is another now.

    Args:
        what: Such as `"python"`, `"keras"` or `"devices.cpu"`.
        then: What it was; `"none"` where there was none.
        now: What it is; `"none"` where there is none.
        matters: Whether the result may be another for it.
    """

    what: str
    then: str
    now: str
    matters: bool

    def __str__(self) -> str:
        return f"{self.what}: {self.then} then, {self.now} now"


def changes(
    then: Mapping[str, Any], now: Mapping[str, Any], bystanders: Collection[str] = ()
) -> tuple[Change, ...]:
    """What differs between two environments, as `hornbook.runner.surroundings.environment.describe` gives them.

    Args:
        then: The one of a run. What it does not tell, as those of older versions do not, is no difference.
        now: The one that is here.
        bystanders: The distributions that change no result; whether one of them was there is no difference.

    Returns:
        Each difference: the machine's first, then distributions, then the commit.
    """
    return (
        *_values(then, now, ("python", "implementation", "platform", "machine", "backend")),
        *_values(_mapping(then, "devices"), _mapping(now, "devices"), _DEVICES, "devices."),
        *_settings(_mapping(then, "settings"), _mapping(now, "settings")),
        *_distributions(_mapping(then, "distributions"), _mapping(now, "distributions"), bystanders),
        *_commit(then, now),
    )


_DEVICES = ("names", "gpus", "cpu", "cpu_count")


def _mapping(environment: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = environment.get(name)
    return found if isinstance(found, Mapping) else {}


def _values(
    then: Mapping[str, Any], now: Mapping[str, Any], names: Collection[str], before: str = ""
) -> Iterator[Change]:
    for name in names:
        if name in then and then[name] != now.get(name):
            yield Change(f"{before}{name}", _text(then[name]), _text(now.get(name)), matters=True)


def _settings(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    """A variable that is not among the settings was not set; without any settings, they are not known."""
    for name in sorted({*then, *now}) if then else ():
        if then.get(name) != now.get(name):
            yield Change(name, _text(then.get(name)), _text(now.get(name)), matters=True)


def _distributions(
    then: Mapping[str, Any], now: Mapping[str, Any], bystanders: Collection[str]
) -> Iterator[Change]:
    for name in sorted({*then, *now}):
        one_sided = name not in then or name not in now
        if then.get(name) != now.get(name) and not (one_sided and name in bystanders):
            yield Change(name, _text(then.get(name)), _text(now.get(name)), name not in bystanders)


def _commit(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    """The commit matters where the code of what is in play is not told by its version."""
    if "git" not in then:
        return
    old, new = _mapping(then, "git"), _mapping(now, "git")
    matters = bool(then.get("editable") or now.get("editable"))
    if old.get("commit") != new.get("commit"):
        yield Change("git commit", _text(old.get("commit"))[:12], _text(new.get("commit"))[:12], matters)
    if False in (old.get("clean"), new.get("clean")):  # two trees that differ from one commit may differ too
        yield Change("git files", _tree(old), _tree(new), matters)


def _tree(git: Mapping[str, Any]) -> str:
    clean = git.get("clean")
    return "not known" if clean is None else "as committed" if clean else "changed since the commit"


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)
