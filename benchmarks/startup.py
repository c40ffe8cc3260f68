"""Time to start: reading commands against `python -c "import click, pluggy"`, interleaved on one machine.

Makes an environment of 300 distributions, 40 of them plugins with 1,000 components in all beside the official
ones, and the same with 10 components. Prints, for each command, the median seconds by the clock and of the
processor, the ratio of the latter to that bare import, and the ratio of 1,000 components to 10. (On an idle
machine clock and processor agree; ratios of processor time also hold on a busy one.) Commands of other plugin
hosts are timed beside where they are installed. First: how long the index takes to make, whole and for one
more plugin. With `--zoo` the tests' bad plugins are installed beside the 1,000 components.

    uv run benchmarks/startup.py [--rounds 15] [--no-building] [--zoo]
"""

import argparse
import os
import resource
import runpy
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

DISTRIBUTIONS, PLUGINS = 300, 40
TARGETS = {
    "loss": ("Huber", "Dice", "CategoricalFocalCrossentropy", "Tversky"),
    "optimizer": ("Adam", "SGD", "AdamW", "Lion"),
    "layer": ("Dense", "Conv2D", "LSTM", "MultiHeadAttention"),
    "metric": ("MeanSquaredError", "AUC", "F1Score", "Recall"),
}
MODULES = {"loss": "losses", "optimizer": "optimizers", "layer": "layers", "metric": "metrics"}
ZOO = Path(__file__).parents[1] / "tests" / "end_to_end" / "zoo" / "animals.py"
HORNBOOK = str(Path(sys.executable).with_name("hornbook"))
BARE = [sys.executable, "-c", "import click, pluggy"]
BUDGET_SECONDS, BUDGET_RATIO, BUDGET_GROWTH = 0.15, 3.0, 1.2


class Taken(NamedTuple):
    """What a command took, in seconds by the clock and of the processor."""

    clock: float
    processor: float


class Environment:
    """An environment of many distributions: a folder of them on the import path, and a cache of its own.

    Args:
        folder: Where to make it.
        components: How many components its plugins contribute in all.
    """

    def __init__(self, folder: Path, components: int) -> None:
        self.site = folder / f"site-{components}"
        self.work = folder / f"work-{components}"
        self.work.mkdir(parents=True)
        self.variables = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPATH": str(self.site),
            "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
            "XDG_CACHE_HOME": str(folder / f"cache-{components}"),
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        share = [components // PLUGINS + (number < components % PLUGINS) for number in range(PLUGINS)]
        for number in range(DISTRIBUTIONS):
            self.install(number, share[number] if number < PLUGINS else None)

    def install(self, number: int, components: int | None) -> None:
        """Install a distribution; where it contributes components, as a plugin."""
        name = f"startup_{number:03}"
        metadata = self.site / f"{name}-1.0.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "METADATA").write_text(
            f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\nRequires-Dist: hornbook-registry\n"
        )
        (self.site / f"{name}.py").write_text(_module(number, components or 0))
        if components is not None:
            (metadata / "entry_points.txt").write_text(f"[hornbook]\n{name} = {name}\n")

    def install_zoo(self) -> None:
        """Install every bad plugin of the tests."""
        self.variables |= {"HORNBOOK_INSPECTION_SECONDS": "12", "HORNBOOK_INSPECTION_MEGABYTES": "1300"}
        for animal in runpy.run_path(str(ZOO))["ALL"]:
            name = animal.distribution or f"zoo-{animal.name.replace('_', '-')}"
            module = name.replace("-", "_")
            for file, text in {f"{module}.py": animal.source, **animal.modules}.items():
                path = self.site / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            metadata = self.site / f"{module}-1.0.dist-info"
            metadata.mkdir()
            needs = "".join(f"Requires-Dist: {requirement}\n" for requirement in animal.requires)
            whole = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{needs}"
            (metadata / "METADATA").write_text(whole if animal.metadata is None else animal.metadata)
            points = f"[hornbook]\n{animal.name} = {animal.module or module}\n"
            (metadata / "entry_points.txt").write_text(points)

    def seconds(self, command: Sequence[str], **variables: str) -> Taken:
        """How long a command takes."""
        began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            command,
            env=self.variables | variables,
            cwd=self.work,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Taken(time.perf_counter() - began, processor)


def _module(number: int, components: int) -> str:
    lines = [
        "from hornbook import declare, hookimpl\n\n\n@hookimpl\ndef hornbook_components():\n    yield from ()\n"
    ]
    for index in range(components):
        kind = list(TARGETS)[index % len(TARGETS)]
        keras = TARGETS[kind][index // len(TARGETS) % 4]
        lines.append(
            f'    yield declare.{kind}("{kind}_{number}_{index}", "keras.{MODULES[kind]}:{keras}", '
            f'reference="Startup et al. 2026", tags=["many", "words"])\n'
        )
    return "".join(lines)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--no-building", dest="building", action="store_false")
    options.add_argument("--zoo", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        few, many = Environment(Path(folder), 10), Environment(Path(folder), 1_000)
        if given.building:
            building(many)
        if given.zoo:
            many.install_zoo()
        commands = reading_commands()
        for command in (BARE, *commands.values()):  # compiles the bytecode, makes the index
            for environment in (few, many):
                environment.seconds(command)
        reading(commands, few, many, given.rounds)


def reading_commands() -> dict[str, list[str]]:
    """What is measured, by what is shown for it."""
    words = {
        "_HORNBOOK_COMPLETE": "bash_complete",
        "COMP_LINE": "hornbook show hub",
        "COMP_POINT": "17",
        "COMP_WORDS": "hornbook\nshow\nhub",
        "COMP_CWORD": "2",
    }
    completion = ["env", *(f"{name}={value}" for name, value in words.items()), HORNBOOK]
    ours = ["--help", "list", "list --json", "show huber", "check digits"]
    others = {
        name: shutil.which(name.split()[0]) for name in ("llm plugins", "datasette plugins", "kedro --help")
    }
    return (
        {f"hornbook {words}": [HORNBOOK, *words.split()] for words in ours}
        | {"a completion": completion}
        | {name: [path, *name.split()[1:]] for name, path in others.items() if path}
    )


def reading(commands: dict[str, list[str]], few: Environment, many: Environment, rounds: int) -> None:
    """Measure reading commands with a warm index, round by round, and print the medians."""
    taken: dict[tuple[str, int], list[Taken]] = {}
    bare = []
    for _ in range(rounds):
        bare.append(many.seconds(BARE))
        for name, command in commands.items():
            taken.setdefault((name, 10), []).append(few.seconds(command))
            taken.setdefault((name, 1_000), []).append(many.seconds(command))
    base = _median(bare)
    print(f"\n{'':22} {'10':>8} {'1,000':>8} {'cpu':>8} {'to bare':>8} {'growth':>8}")
    print(f"{'import click, pluggy':22} {'':>8} {base.clock:8.3f} {base.processor:8.3f}")
    for name in commands:
        small, large = _median(taken[name, 10]), _median(taken[name, 1_000])
        ratio, growth = large.processor / base.processor, large.processor / small.processor
        kept = large.clock <= BUDGET_SECONDS and ratio <= BUDGET_RATIO and growth <= BUDGET_GROWTH
        verdict = "" if not name.startswith(("hornbook", "a ")) else "  kept" if kept else "  MISSED"
        print(f"{name:22} {small.clock:8.3f} {large.clock:8.3f} {large.processor:8.3f} ", end="")
        print(f"{ratio:8.2f} {growth:8.2f}{verdict}")
    print(f"budget: {BUDGET_SECONDS} s, {BUDGET_RATIO:g} x the bare import, growth {BUDGET_GROWTH}")


def _median(taken: Sequence[Taken]) -> Taken:
    return Taken(
        statistics.median(one.clock for one in taken), statistics.median(one.processor for one in taken)
    )


def building(many: Environment) -> None:
    """Measure how long the index takes to make."""
    official = {"PYTHONPATH": "", "XDG_CACHE_HOME": many.variables["XDG_CACHE_HOME"] + "-official"}
    many.seconds([HORNBOOK, "plugins"], **official)  # compiles the bytecode
    shutil.rmtree(official["XDG_CACHE_HOME"])
    print(f"index of the official plugins     {many.seconds([HORNBOOK, 'plugins'], **official).clock:6.2f} s")
    print(f"with 40 plugins, 1,000 components {many.seconds([HORNBOOK, 'plugins']).clock:6.2f} s")
    many.install(DISTRIBUTIONS, 25)
    print(f"one plugin added                  {many.seconds([HORNBOOK, 'plugins']).clock:6.2f} s")
    print(f"nothing changed                   {many.seconds([HORNBOOK, 'plugins']).clock:6.2f} s")


if __name__ == "__main__":
    main()
