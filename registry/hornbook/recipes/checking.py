"""Document -> Recipe: keys, values and names checked in one pass, every problem with its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hornbook.catalog import Catalog
from hornbook.names import did_you_mean
from hornbook.problem import HornbookError, Place, Problem
from hornbook.recipes.binding import Binder
from hornbook.recipes.checks.pairings import pairings
from hornbook.recipes.document import MappingNode, Node, ScalarNode, SequenceNode, leaves, plain
from hornbook.recipes.missing import with_suppliers
from hornbook.recipes.naming import metric_name
from hornbook.recipes.plugin_checks import checking, found_by_plugins
from hornbook.recipes.recipe import Bound, Checkpointing, Recipe, Splitting, Training
from hornbook.recipes.references import HINTED, Fact
from hornbook.recipes.requirements import unmet_requirements
from hornbook.recipes.shape import BOUNDS, CHECKPOINT, DATA, KEYS, REQUIRED, TOP, TRAINING, VERSION, Setting
from hornbook.recipes.text import MOST_PROBLEMS
from hornbook.recipes.use import Use


def checked(
    document: MappingNode, catalog: Catalog, source: Path | None, dangling: Sequence[Problem] = ()
) -> Recipe:
    """Check a recipe and bind its names.

    Args:
        document: Merged, overridden, references resolved, short forms written out.
        catalog: The components there are.
        source: The file that it comes from.
        dangling: What is wrong with its references; nothing else is said of the values they stand for.

    Returns:
        The recipe, with what is worth a warning.

    Raises:
        HornbookError: With every problem of the recipe.
    """
    checker = _Checker(document, Binder(catalog))
    recipe = checker.recipe(source)
    if recipe is None or dangling:
        places = {problem.place for problem in dangling}
        others = [problem for problem in checker.problems if problem.place not in places]
        raise HornbookError(with_suppliers(_in_order([*dangling, *others]), document, catalog))
    asked = checking(recipe, catalog.plugins)
    checker.silences(bool(asked))
    beyond = list(pairings(recipe, _in_doubt(checker.problems)))
    if not _wrong(checker.problems):
        beyond += found_by_plugins(recipe, asked)
    problems = _in_order([*checker.problems, *(one for one in beyond if one.code not in recipe.silence)])
    if _wrong(problems):
        raise HornbookError(with_suppliers(problems, document, catalog))
    return replace(recipe, warnings=tuple(problems))


def _wrong(problems: list[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _in_doubt(problems: list[Problem]) -> frozenset[str]:
    """The keys under which something is wrong already; a key that is none may have meant any."""
    keys = {one.path.partition(".")[0] for one in problems if one.severity == "error"}
    return frozenset(keys if keys <= {*KEYS} else KEYS)


def _in_order(problems: list[Problem]) -> list[Problem]:
    def key(problem: Problem) -> tuple[str, int, int]:
        place = problem.place
        return (place.source, place.line, place.column) if place else ("", 0, 0)

    return sorted(problems, key=key)


@dataclass(slots=True)
class _Checker:
    document: MappingNode
    binder: Binder
    found: list[Problem] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        return self.found + self.binder.problems

    def recipe(self, source: Path | None) -> Recipe | None:
        tree = self.document
        self._keys(tree, KEYS, "", "a recipe")
        self._version()
        for key in REQUIRED:
            if key != "recipe" and tree.get(key) is None:
                self._fault("HB113", f"the recipe lacks `{key}:`", tree.place, key)
        for key, code in (("extends", "HB123"), ("remove", "HB121")):
            if tree.get(key) is not None:
                message = f"`{key}` says nothing here: it is read from the recipe's own file alone"
                self._fault(code, message, tree.keys.get(key), key, f"write `{key}:` into the file")
        top = self._settings(tree, TOP, "")
        requires = self._requires()
        data, splitting = self._data()
        model = self._use("model", "model")
        loss = self._use("loss", "loss")
        optimizer = self._use("optimizer", "optimizer") if tree.get("optimizer") else self._adam()
        metrics = self.binder.uses("metric", tree.get("metrics"), "metrics")
        augment = self.binder.uses("augmenter", tree.get("augment"), "augment")
        callbacks = self.binder.uses("callback", tree.get("callbacks"), "callbacks")
        training = self._training()
        self._distinct(metrics)
        expect = self._expect(metrics)
        tracking = self._tracking()
        self._mapping("silence", 'write `silence: {HB702: "the reason"}`')
        if not (data and model and loss and optimizer and training):
            return None
        return Recipe(
            name=top["name"] or (source.stem if source else "recipe"),
            description=top["description"],
            seed=top["seed"],
            data=data,
            splitting=splitting,
            augment=augment,
            model=model,
            loss=loss,
            optimizer=optimizer,
            metrics=metrics,
            callbacks=callbacks,
            training=training,
            tracking=tracking,
            expect=expect,
            requires=requires,
            silence={code: str(plain(reason)) for code, reason in self._silence().entries.items()},
            document=tree,
            source=source,
        )

    def silences(self, foreign: bool) -> None:
        """Check what is to be silenced; `foreign` says whether plugins check this recipe too."""
        tree = self._silence()
        if tree.entries:
            from hornbook.recipes.silencing import unfit_silences

            self.found.extend(unfit_silences(tree, foreign))

    def _silence(self) -> MappingNode:
        tree = self.document.get("silence")
        return tree if isinstance(tree, MappingNode) else MappingNode({})

    def _version(self) -> None:
        written = self.document.get("recipe")
        if written is None:
            hint = f"write `recipe: {VERSION}` in the first line"
            self._fault("HB112", "the recipe does not say its version", self.document.place, "recipe", hint)
        elif isinstance(written, ScalarNode) and type(written.value) is int and written.value != VERSION:
            # Files are brought to this version as they are read; an override said otherwise.
            message = f"the recipe is read as version {VERSION}, and not {written.value}"
            self._fault("HB114", message, written.place, "recipe", f"write `recipe: {VERSION}`")

    def _use(self, kind: str, key: str) -> Use | None:
        tree = self.document.get(key)
        return None if tree is None else self.binder.use(kind, tree, key)

    def _adam(self) -> Use | None:
        return self.binder.use("optimizer", ScalarNode("adam", self.document.place), "optimizer")

    def _data(self) -> tuple[Use | None, Splitting]:
        tree = self.document.get("data")
        if not isinstance(tree, MappingNode):
            return (None if tree is None else self.binder.use("dataset", tree, "data")), Splitting()
        settings = self._settings(tree, DATA, "data")
        use = self.binder.use("dataset", tree.without(*DATA), "data")
        return use, Splitting(**settings)

    def _training(self) -> Training | None:
        tree = self.document.get("training")
        if tree is None:
            return None
        if not isinstance(tree, MappingNode):
            message = "`training` takes a mapping"
            self._fault("HB115", message, tree.place, "training", "write `training: {epochs: 10}`")
            return None
        self._keys(tree, (*TRAINING, "checkpoint"), "training", "`training`")
        before = len(self.found)
        settings = self._settings(tree, TRAINING, "training")
        checkpointing = self._checkpointing(tree.get("checkpoint"))
        return Training(**settings, checkpoint=checkpointing) if len(self.found) == before else None

    def _checkpointing(self, tree: Node | None) -> Checkpointing:
        path = "training.checkpoint"
        if tree is None or _empty(tree):
            return Checkpointing()
        if not isinstance(tree, MappingNode):
            hint = f"write `checkpoint: {{every_n_epochs: 1}}`; it has {', '.join(CHECKPOINT)}"
            self._fault("HB115", f"`{path}` takes a mapping", tree.place, path, hint)
            return Checkpointing()
        self._keys(tree, CHECKPOINT, path, f"`{path}`")
        return Checkpointing(**self._settings(tree, CHECKPOINT, path))

    def _distinct(self, metrics: tuple[Use, ...]) -> None:
        taken = {"loss", "learning_rate"}
        for metric in metrics:
            name = metric_name(metric)
            if name in taken:
                message = f"something else is logged as {name!r} already"
                self._fault("HB232", message, metric.place, metric.path, "give the metric another `name:`")
            taken.add(name)

    def _expect(self, metrics: tuple[Use, ...]) -> tuple[Bound, ...]:
        tree = self._mapping("expect", "write `expect: {val_accuracy: {min: 0.9}}`")
        if tree is None:
            return ()
        bounds = []
        names = ["loss", *(metric_name(metric) for metric in metrics)]
        known = {f"{prefix}{name}": None for prefix in ("", "val_", "test_") for name in names}
        written = self.document.get("metrics")
        unbound = written is not None and len(metrics) < len(getattr(written, "items", (written,)))
        for metric, bound in tree.entries.items():
            path = f"expect.{metric}"
            if metric not in known and not unbound and len(self.found) < MOST_PROBLEMS:
                there = f"there will be {', '.join(names[:HINTED])}, also with val_ or test_"
                hint = did_you_mean(metric, known, there) if len(self.found) < HINTED else ""
                self._fault("HB231", f"no metric {metric!r} will be there", tree.keys.get(metric), path, hint)
            if not isinstance(bound, MappingNode) or not bound.entries:
                message = "an expectation is a mapping with `min` or `max`"
                self._fault("HB115", message, bound.place, path, "write {min: 0.9}")
                continue
            before = len(self.found)
            self._keys(bound, BOUNDS, path, "an expectation")
            limits = self._settings(bound, BOUNDS, path)
            if limits["min"] is None and limits["max"] is None and len(self.found) == before:
                self._fault(
                    "HB115", "an expectation has `min` or `max`", bound.place, path, "write {min: 0.9}"
                )
            bounds.append(Bound(metric, limits["min"], limits["max"]))
        return tuple(bounds)

    def _tracking(self) -> Mapping[str, Any]:
        tree = self._mapping("tracking", "write `tracking: {experiment: name}`")
        if tree is None:
            return {}
        known = [
            "experiment",
            "tags",
            *(o for plugin in self.binder.catalog.plugins for o in plugin.tracking),
        ]
        self._keys(tree, known, "tracking", "`tracking`")
        for path, leaf in leaves(tree, "tracking"):
            if isinstance(leaf.value, Fact):
                hint = "the run tells its trackers what it knows by itself"
                self._fault("HB120", f"{leaf.value} is not known here", leaf.place, path, hint)
        experiment, tags = tree.get("experiment"), tree.get("tags")
        if experiment is not None and not isinstance(plain(experiment), str):
            self._fault("HB116", "`experiment` is text", experiment.place, "tracking.experiment")
        if tags is not None and not isinstance(tags, MappingNode):
            self._fault("HB115", "`tags` takes a mapping", tags.place, "tracking.tags", "{team: vision}")
        return dict(plain(tree))

    def _requires(self) -> tuple[str, ...]:
        tree = self.document.get("requires")
        if tree is None or _empty(tree):
            return ()
        items = tree.items if isinstance(tree, SequenceNode) else (tree,)
        self.found.extend(unmet_requirements(items))
        return tuple(str(plain(item)) for item in items)

    def _mapping(self, key: str, hint: str) -> MappingNode | None:
        tree = self.document.get(key)
        if isinstance(tree, MappingNode):
            return tree
        if tree is None or _empty(tree):
            return None
        self._fault("HB115", f"`{key}` takes a mapping", tree.place, key, hint)
        return None

    def _keys(self, tree: MappingNode, known: Any, path: str, where: str) -> None:
        for key in tree.entries:
            if key not in known:
                hint = did_you_mean(key, list(known), f"{where} has {', '.join(known)}")
                inner = f"{path}.{key}" if path else key
                self._fault("HB117", f"{where} has no key {key!r}", tree.keys.get(key), inner, hint)

    def _settings(self, tree: MappingNode, settings: Mapping[str, Setting], path: str) -> dict[str, Any]:
        values = {}
        for name, setting in settings.items():
            node = tree.get(name)
            inner = f"{path}.{name}" if path else name
            if node is None:
                values[name] = setting.default
                if setting.required and path:
                    self._fault("HB113", f"`{path}` lacks `{name}:`", tree.place, inner, setting.meaning)
            else:
                values[name] = self._setting(node, setting, inner)
        return values

    def _setting(self, node: Node, setting: Setting, path: str) -> Any:
        value: Any = node.value if isinstance(node, ScalarNode) else ()
        optional = value is None and not setting.required
        right = isinstance(value, setting.types) and (bool in setting.types or not isinstance(value, bool))
        if not right and not optional:
            wanted = " or ".join(_NAMES[one] for one in setting.types)
            self._fault(
                "HB116", f"`{path}` is {wanted}, not {plain(node)!r}", node.place, path, setting.meaning
            )
            return setting.default
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        bounds = ""
        if number and setting.minimum is not None and not value >= setting.minimum:  # nan is not either
            bounds = f"at least {setting.minimum}"
        elif number and setting.above and value == setting.minimum:
            bounds = f"above {setting.minimum}"
        elif number and setting.maximum is not None and value > setting.maximum:
            bounds = f"at most {setting.maximum}"
        if bounds:
            self._fault("HB118", f"`{path}` is {bounds}, not {value!r}", node.place, path, setting.meaning)
            return setting.default
        return setting.default if optional else value

    def _fault(self, code: str, message: str, place: Place | None, path: str, hint: str = "") -> None:
        self.found.append(Problem(code=code, message=message, hint=hint, place=place, path=path))


def _empty(tree: Node) -> bool:
    """Whether a key was written with nothing after it."""
    return isinstance(tree, ScalarNode) and tree.value is None


_NAMES = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}
