"""Mutated recipes through `check`: no traceback, no case over a second, and a position for every rejection.

`python tests/fuzz/fuzz_check.py --cases 100000` runs as many cases as it is told, and prints what it found.
The test suite runs a fixed sample. Recipes are drawn from a grammar: their keys, the names of components
and parameters that the catalog has, and values that have given readers of YAML trouble; then the text
itself is cut, doubled and sprinkled with what does not belong there.
"""

import argparse
import json
import math
import resource
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from hornbook.catalog import Catalog, catalog
from hornbook.component import FACTS, KINDS
from hornbook.problem import HornbookError
from hornbook.recipes.freezing import frozen
from hornbook.recipes.reading import read
from hornbook.recipes.shape import DATA, KEYS, LISTS, PLACES, TRAINING

SECONDS = 1.0
"""How long one case may take, of the processor."""
MEGABYTES = 200.0
"""By how much memory may grow."""
ROUND = 1000
"""Cases that are drawn from one seed; hypothesis remembers all of them, which takes memory."""

SHIPPED = ("breast-cancer", "diabetes", "digits", "digits-mlp", "iris")

SCALARS = [
    "", "~", "null", "true", "no", "on", "0", "-1", "1e-4", ".5", ".nan", "-.inf", "1" * 30, "9" * 500, "0x1f",
    "0o17", "1_000", "2026-01-01", "12:30:45", "'", '"', "''", '"\\u0000"', '"\\x07"', "!!python/object:os.system x",
    "!x", "&a", "*a", "*nowhere", "${", "${}", "${seed}", "${name}", "${model}", "${data.classes} + 1", "${a.b.c}",
    "%x", "@x", "`x`", "|", ">", "?", "-", ":", "- -", "{", "[", "]", "}", "a: b: c", "é", "\u2028", "\U0001f600",
    "x" * 300, "../../etc/passwd", "digits", "/dev/null", "~root/x", "\t", "#", "a #b", "use", "layer:dense",
    "loss:", "losses/huber", "/", "a/b/c",
]  # fmt: skip
"""Values that have given readers of YAML trouble; some are none at all."""

CALM = [
    "null", "no", "on", "0", "-1", "1e-4", ".nan", "-.inf", "0x1f", "1_000", "2026-01-01", "digits", "losses/huber",
    "layer:dense", "../../etc/passwd", "~root/x", "[]", "{}", "'${seed}'", "'${model}'", "'${name}'", "adam",
]  # fmt: skip
"""Values that are YAML wherever they stand."""


def recipes(catalog: Catalog, wild: bool) -> st.SearchStrategy[tuple[str, list[str]]]:
    """Texts that resemble recipes, each with overrides.

    Args:
        catalog: The components there are.
        wild: Whether to write what may not be YAML at all, and to spoil the text.
    """
    facts = st.sampled_from(sorted(FACTS)).map("${{{}}}".format)
    likely = st.sampled_from(["0.1", "1", "2", "3", "16", "true", "false", "relu", "softmax", "val_loss"])
    printable = st.characters(exclude_categories=["Cs", "Cc"])
    plain = st.one_of(
        likely,
        st.integers(-(10**6), 10**6).map(str),
        st.floats().map(_number),
        facts.map('"{}"'.format),
        st.one_of(st.sampled_from(SCALARS), st.text(printable, max_size=8)).map(_quoted),
        st.sampled_from(CALM),
        st.sampled_from(SCALARS) if wild else likely,
    )
    nested = st.recursive(
        plain,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]"),
            st.lists(st.tuples(plain, inner), max_size=4).map(_flow),
        ),
        max_leaves=8,
    )
    uses = {kind: _uses(catalog, kind, st.one_of(likely, likely, nested)) for kind in KINDS}
    any_use = st.sampled_from(list(KINDS)).flatmap(uses.__getitem__)

    def value(key: str) -> st.SearchStrategy[str]:
        kind = PLACES.get(key)
        if key == "model":
            layers = st.lists(uses["layer"] | any_use, max_size=6).map(lambda items: f"[{', '.join(items)}]")
            return st.one_of(layers, uses["model"], nested)
        if key in LISTS and kind:
            return st.one_of(
                st.lists(uses[kind], max_size=3).map(lambda items: f"[{', '.join(items)}]"), nested
            )
        if key == "data":
            settings = st.lists(st.tuples(st.sampled_from([*DATA]), plain), max_size=3).map(_flow)
            return st.one_of(uses["dataset"], st.tuples(uses["dataset"], settings).map(_joined), nested)
        if kind:
            return st.one_of(uses[kind], any_use, nested)
        if key == "training":
            return st.lists(st.tuples(st.sampled_from([*TRAINING]), plain), max_size=4).map(_flow) | nested
        if key == "extends":
            return (
                st.sampled_from(
                    ["recipe.yaml", "../recipe.yaml", ".", "digits", "[iris, digits]", "/dev/zero"]
                )
                | nested
            )
        return nested

    keys = st.sampled_from(KEYS) if not wild else st.sampled_from(KEYS) | st.sampled_from(SCALARS)
    lines = keys.flatmap(lambda key: st.tuples(st.just(key), value(key))).map("{0[0]}: {0[1]}".format)
    shipped = st.sampled_from([_shipped(catalog, name) for name in SHIPPED])
    invented = st.lists(lines, max_size=8, unique_by=_key).map("\n".join)
    small = st.sampled_from(
        ["loss", "optimizer", "augment", "callbacks", "metrics", "model", "training", "data"]
    )
    known_lines = small.flatmap(lambda key: st.tuples(st.just(key), value(key))).map("{0[0]}: {0[1]}".format)
    changed = st.tuples(shipped, st.lists(lines | known_lines, max_size=2, unique_by=_key)).map(_replaced)
    swapped = st.tuples(shipped, st.lists(_swaps(catalog), min_size=1, max_size=4, unique_by=_key)).map(
        _replaced
    )
    texts = st.one_of(invented, changed, swapped)
    none: st.SearchStrategy[list[Any]] = st.just([])
    damages = st.lists(_damages(), min_size=1, max_size=3) if wild else none
    damaged = st.tuples(texts, damages).map(_damaged)
    paths = st.sampled_from(
        ["model.layers.0.units", "optimizer", "model.layers.head", "x.y.z", "loss.use", "", "."]
    )
    overrides = st.one_of(
        st.tuples(paths, nested).map("{0[0]}={0[1]}".format), paths.map("~{}".format), st.text(max_size=10)
    )
    return st.tuples(damaged, st.one_of(none, none, st.lists(overrides, max_size=2)))


def _swaps(catalog: Catalog) -> st.SearchStrategy[str]:
    """A line that puts another component in its place, right by itself."""
    name = {kind: st.sampled_from([entry.name for entry in catalog.of(kind)]) for kind in KINDS}
    logits = st.sampled_from(["true", "false"])
    monitors = st.sampled_from(["val_loss", "loss", "val_accuracy", "accuracy", "test_loss"])
    units = st.sampled_from(["1", "2", "3", "10", '"${data.classes}"'])
    steps = st.sampled_from(["3", "100", "100000"])
    scheduled = "optimizer: {{use: adam, learning_rate: {{use: {0[0]}, {0[1]}: {0[2]}}}}}"
    lengths = st.sampled_from(["decay_steps", "total_steps", "warmup_steps"])
    return st.one_of(
        name["loss"].map("loss: {}".format),
        st.tuples(name["loss"], logits).map("loss: {{use: {0[0]}, from_logits: {0[1]}}}".format),
        name["metric"].map("metrics: [{}]".format),
        name["dataset"].map("data: {}".format),
        st.tuples(name["dataset"], st.sampled_from(["0", "0.2", "1"])).map(
            "data: {{use: {0[0]}, validation: {0[1]}}}".format
        ),
        name["augmenter"].map("augment: [{}]".format),
        st.tuples(units, name["activation"]).map(
            "model: [{{use: dense, units: {0[0]}, activation: {0[1]}}}]".format
        ),
        st.tuples(name["callback"], monitors).map("callbacks: [{{use: {0[0]}, monitor: {0[1]}}}]".format),
        st.tuples(name["scheduler"], lengths, steps).map(scheduled.format),
        monitors.map("expect: {{{}: {{max: 1}}}}".format),
    )


def _shipped(catalog: Catalog, name: str) -> str:
    whole = read(name, (), catalog)
    assert whole.source is not None
    return whole.source.read_text("utf-8")


def _uses(catalog: Catalog, kind: str, value: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Components of a kind by name, with parameters, mostly their own."""
    entries = list(catalog.of(kind))

    def one(entry: Any) -> st.SearchStrategy[str]:
        names = st.sampled_from([*entry.component.parameters, "name", "use", "no_such_parameter"])
        parameters = st.lists(st.tuples(names, value), max_size=3)
        return parameters.map(lambda given: _flow([("use", entry.name), *given]))

    return st.sampled_from(entries).flatmap(lambda entry: st.one_of(st.just(entry.name), one(entry)))


def _quoted(text: str) -> str:
    return json.dumps(text)


def _number(value: float) -> str:
    return repr(value) if math.isfinite(value) else ".nan" if math.isnan(value) else "-.inf"


def _flow(pairs: Any) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"


def _joined(two: tuple[str, str]) -> str:
    first, second = (text.removeprefix("{").removesuffix("}") for text in two)
    return "{" + (first if ":" in first else f"use: {first}") + (f", {second}" if second else "") + "}"


def _key(line: str) -> str:
    return line.partition(":")[0]


def _replaced(drawn: tuple[str, list[str]]) -> str:
    """A shipped recipe with some of its keys said otherwise."""
    text, lines = drawn
    keys = tuple(f"{_key(line)}:" for line in lines)
    kept, dropping = [], False
    for line in text.splitlines():
        dropping = line.startswith(keys) or (dropping and line.startswith(" "))
        if not dropping:
            kept.append(line)
    return "\n".join([*kept, *lines])


Damage = Callable[[str], str]


def _damages() -> st.SearchStrategy[Damage]:
    """Ways to spoil a text at some place."""
    places = st.floats(0, 1)
    pieces = st.sampled_from(
        [*SCALARS, "\x00", "\ufeff", "\r\n", "\n---\n", "\n...\n", "\t", "  ", "\ud800", "\x85", "&a [*a]"]
    )

    def inserted(drawn: tuple[float, str]) -> Damage:
        return lambda text: text[: int(drawn[0] * len(text))] + drawn[1] + text[int(drawn[0] * len(text)) :]

    def cut(drawn: tuple[float, float]) -> Damage:
        return lambda text: text[: int(min(drawn) * len(text))] + text[int(max(drawn) * len(text)) :]

    def doubled(share: float) -> Damage:
        def damage(text: str) -> str:
            lines = text.splitlines()
            at = int(share * len(lines))
            return "\n".join([*lines[:at], *lines[at : at + 1] * 2, *lines[at + 1 :]])

        return damage

    return st.one_of(
        st.tuples(places, pieces).map(inserted), st.tuples(places, places).map(cut), places.map(doubled)
    )


def _damaged(drawn: tuple[str, list[Damage]]) -> str:
    text, damages = drawn
    for damage in damages:
        text = damage(text)
    return text


def tried(text: str, overrides: list[str], file: Path, catalog: Catalog) -> set[str]:
    """Put one case through `check`.

    Args:
        text: The recipe.
        overrides: What is said over it.
        file: Where to write it.
        catalog: The components there are.

    Returns:
        `accepted` or `rejected`, and the codes of its problems.

    Raises:
        AssertionError: When it took too long, a problem has no position, or it does not freeze to a fixed
            point; anything else that is raised is a finding too.
    """
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    began, wrong = time.process_time(), True
    try:
        recipe = read(file, overrides, catalog)
    except HornbookError as error:
        problems = error.problems
        assert problems, "rejected without a problem"
        for problem in error.problems:
            assert problem.place is not None, f"no position: {problem}"
            assert problem.place.line > 0
            assert problem.place.column > 0
    else:
        problems, wrong = recipe.warnings, False
        once = frozen(recipe)
        file.write_text(once, "utf-8")
        assert frozen(read(file, (), catalog)) == once, "freezing it again changes it"
    seconds = time.process_time() - began
    assert seconds < SECONDS, f"{seconds:.2f} s"
    return {problem.code for problem in problems} | {"rejected" if wrong else "accepted"}


@dataclass
class Campaign:
    """Cases and what came of them.

    Args:
        catalog: The components there are.
        file: Where to write each case.
        outcomes: How often each outcome and each code came.
        findings: One case for each place that something was found at.
        longest: The longest case, in seconds of the processor.
    """

    catalog: Catalog
    file: Path
    outcomes: Counter[str] = field(default_factory=Counter)
    findings: dict[str, str] = field(default_factory=dict)
    longest: float = 0.0

    def run(self, cases: int, begin: int = 0) -> None:
        """Run cases.

        Args:
            cases: How many.
            begin: The seed of the first round; the same seeds draw the same cases.
        """
        for number, done in enumerate(range(0, cases, ROUND)):
            self._round(min(ROUND, cases - done), begin + number)

    def _round(self, cases: int, number: int) -> None:
        either = [recipes(self.catalog, wild=wild) for wild in (False, False, True)]

        @seed(number)
        @settings(
            max_examples=cases,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(st.one_of(either))
        def one_round(case: tuple[str, list[str]]) -> None:
            self._case(*case)

        one_round()

    def _case(self, text: str, overrides: list[str]) -> None:
        began = time.process_time()
        try:
            self.outcomes.update(tried(text, overrides, self.file, self.catalog))
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            kind = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
            self.findings.setdefault(kind, f"{kind}: {error}\n  {text!r}\n  {overrides!r}"[:3000])
            self.outcomes["found"] += 1
        self.longest = max(self.longest, time.process_time() - began)


def main() -> None:
    """Run the campaign that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first round")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(catalog(), Path(folder) / "recipe.yaml")
        campaign.run(200, begin=-1)  # what is imported and remembered once is no growth
        campaign.outcomes.clear()
        before, began = _memory(), time.perf_counter()
        campaign.run(asked.cases, asked.seed)
        seconds, grown = time.perf_counter() - began, _memory() - before
    for finding in campaign.findings.values():
        print(finding)
    outcomes = campaign.outcomes
    ends = {end: outcomes.pop(end, 0) for end in ("accepted", "rejected", "found")}
    print(f"{sum(ends.values()):,} cases in {seconds:.0f} s: {ends}")
    print(
        f"{len(outcomes)} codes: {', '.join(f'{code} {often}' for code, often in sorted(outcomes.items()))}"
    )
    print(
        f"longest {campaign.longest:.3f} s, memory grown by {grown:.0f} MB, {len(campaign.findings)} findings"
    )
    raise SystemExit(1 if campaign.findings or grown > MEGABYTES else 0)


def _memory() -> float:
    """The most memory that this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
