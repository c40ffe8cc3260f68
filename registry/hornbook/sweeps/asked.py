"""Asked: what a sweep was asked to do, kept in its folder as `sweep.json`."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from hornbook.problem import HornbookError, Problem
from hornbook.sweeps.folder import SweepFolder
from hornbook.sweeps.objective import Direction, Objective
from hornbook.sweeps.space import Variable, read_variables
from hornbook.whole_file import write_json

Method = Literal["grid", "random", "search"]
VERSION = 1
SAMPLERS = ("tpe", "random")
PRUNERS = ("none", "median", "hyperband")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a sweep is to do.

    Args:
        source: The recipe's file.
        directory: The working directory.
        name: The recipe's name.
        late: Overrides that come after the variables.
        variables: What is varied, each as it is written after `-v`.
        method: Whether all combinations are tried, some are drawn, or the best is searched for.
        metric: What trials are compared by.
        direction: Which way is better.
        trials: How many there are.
        sampler: How a search proposes values.
        pruner: How it ends trials that promise little.
        seed: From which values are drawn.
        backend: What Keras computes with.
        tracked: Whether trackers are told.
    """

    source: str
    directory: str
    name: str
    late: tuple[str, ...]
    variables: tuple[str, ...]
    method: Method
    metric: str
    direction: Direction
    trials: int
    sampler: str
    pruner: str
    seed: int
    backend: str = ""
    tracked: bool = True

    @property
    def objective(self) -> Objective:
        """What trials are compared by."""
        return Objective(self.metric, self.direction)

    def space(self) -> list[Variable]:
        """The variables, read."""
        return read_variables(self.variables)


def write_asked(folder: SweepFolder, asked: Asked) -> None:
    """Keep what a sweep was asked to do."""
    write_json(folder.asked, {"version": VERSION, **asdict(asked)})


def read_asked(folder: SweepFolder) -> Asked:
    """What a sweep was asked to do.

    Raises:
        HornbookError: When the file is not what was written.
    """
    try:
        stored: Mapping[str, Any] = json.loads(folder.asked.read_text("utf-8"))
        known = {name: stored[name] for name in Asked.__dataclass_fields__}
        listed = {name: tuple(map(str, known[name])) for name in ("late", "variables")}
        asked = Asked(**{**known, **listed})
        Path(asked.source), Path(asked.directory), int(asked.trials), int(asked.seed)
        right = asked.method in ("grid", "random", "search") and asked.direction in ("minimize", "maximize")
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise _damaged(folder, repr(error)) from None
    if not (right and asked.sampler in SAMPLERS and asked.pruner in PRUNERS):
        raise _damaged(folder, "a value is none that is ever written")
    return asked


def _damaged(folder: SweepFolder, words: str) -> HornbookError:
    message = f"{folder.asked} is damaged: {words}"
    hint = "begin a new sweep; the runs of this one are whole: `hornbook runs`"
    return HornbookError(Problem(code="HB546", message=message, hint=hint))
