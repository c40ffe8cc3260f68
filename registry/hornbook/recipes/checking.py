"""Document -> Recipe: keys, values and names checked in one pass, every problem with its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hornbook.catalog import Catalog
from hornbook.names import did_you_mean
from hornbook.problem import HornbookError, Place, Problem
from hornbook.recipes.binding import Binder
from hornbook.recipes.document import MappingNode, Node, ScalarNode, SequenceNode, plain
from hornbook.recipes.recipe import Bound, Recipe, Splitting, Training
from hornbook.recipes.requirements import unmet_requirements
from hornbook.recipes.shape import BOUNDS, DATA, KEYS, REQUIRED, TOP, TRAINING, VERSION, Setting
from hornbook.recipes.use import Use


def checked(document: MappingNode, catalog: Catalog, source: Path | None) -> Recipe:
    """Check a recipe and bind its names.

    Args:
        document: Merged, overridden, references resolved, short forms written out.
        catalog: The components there are.
        source: The file that it comes from.

    Returns:
        The recipe, with what is worth a warning.

    Raises:
        HornbookError: With every problem of the recipe.
    """
    checker = _Checker(document, Binder(catalog))
    recipe = checker.recipe(source)
    if recipe is None:
        raise HornbookError(_in_order(checker.problems))
    return recipe


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
        expect = self._expect(metrics)
        tracking = self._tracking()
        if any(problem.severity == "error" for problem in self.problems):
            return None
        assert data and model and loss and optimizer and training
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
            document=tree,
            source=source,
            warnings=tuple(_in_order(self.problems)),
        )

    def _version(self) -> None:
        written = self.document.get("recipe")
        if written is None:
            hint = f"write `recipe: {VERSION}` in the first line"
            self._fault("HB112", "the recipe does not say its version", self.document.place, "recipe", hint)
        elif isinstance(written, ScalarNode) and type(written.value) is int and written.value != VERSION:
            hint = "a newer hornbook-registry may read it" if written.value > VERSION else ""
            message = f"this is a recipe of version {written.value}; this registry reads version {VERSION}"
            self._fault("HB114", message, written.place, "recipe", hint)

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
        self._keys(tree, TRAINING, "training", "`training`")
        before = len(self.found)
        settings = self._settings(tree, TRAINING, "training")
        return Training(**settings) if len(self.found) == before else None

    def _expect(self, metrics: tuple[Use, ...]) -> tuple[Bound, ...]:
        tree = self._mapping("expect", "write `expect: {val_accuracy: {min: 0.9}}`")
        if tree is None:
            return ()
        bounds = []
        names = ["loss", *(metric_name(metric) for metric in metrics)]
        known = [f"{prefix}{name}" for prefix in ("", "val_", "test_") for name in names]
        for metric, bound in tree.entries.items():
            path = f"expect.{metric}"
            if metric not in known:
                hint = did_you_mean(
                    metric, known, f"there will be {', '.join(names)}, also with val_ or test_"
                )
                self._fault("HB231", f"no metric {metric!r} will be there", tree.keys.get(metric), path, hint)
            if not isinstance(bound, MappingNode) or not bound.entries:
                message = "an expectation is a mapping with `min` or `max`"
                self._fault("HB115", message, bound.place, path, "write {min: 0.9}")
                continue
            self._keys(bound, BOUNDS, path, "an expectation")
            limits = self._settings(bound, BOUNDS, path)
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
        experiment, tags = tree.get("experiment"), tree.get("tags")
        if experiment is not None and not isinstance(plain(experiment), str):
            self._fault("HB116", "`experiment` is text", experiment.place, "tracking.experiment")
        if tags is not None and not isinstance(tags, MappingNode):
            self._fault("HB115", "`tags` takes a mapping", tags.place, "tracking.tags", "{team: vision}")
        return dict(plain(tree))

    def _requires(self) -> tuple[str, ...]:
        tree = self.document.get("requires")
        if tree is None:
            return ()
        items = tree.items if isinstance(tree, SequenceNode) else (tree,)
        self.found.extend(unmet_requirements(items))
        return tuple(str(plain(item)) for item in items)

    def _mapping(self, key: str, hint: str) -> MappingNode | None:
        tree = self.document.get(key)
        if tree is None or isinstance(tree, MappingNode):
            return tree
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
        if number and setting.minimum is not None and value < setting.minimum:
            message = f"`{path}` is at least {setting.minimum}, not {value!r}"
            self._fault("HB118", message, node.place, path, setting.meaning)
        if number and setting.maximum is not None and value > setting.maximum:
            message = f"`{path}` is at most {setting.maximum}, not {value!r}"
            self._fault("HB118", message, node.place, path, setting.meaning)
        return setting.default if optional else value

    def _fault(self, code: str, message: str, place: Place | None, path: str, hint: str = "") -> None:
        self.found.append(Problem(code=code, message=message, hint=hint, place=place, path=path))


_NAMES = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}


def metric_name(metric: Use) -> str:
    """The name under which a metric is logged: its `name:`, or what the recipe wrote."""
    given = metric.parameters.get("name")
    default = metric.defaults.get("name")
    return str(given) if given is not None and given != default else metric.written.rpartition("/")[2]
