"""What the plugins stand on: Python, Keras, its backends, and whether the versions go together."""

import importlib.util
import os
import platform
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from hornbook import backend
from hornbook.catalog import Catalog
from hornbook.discovery.remedies import unmet
from hornbook.discovery.requirements import installing, normal
from hornbook_cli.checkup.finding import Finding, Part

OWN = ("hornbook-registry", "hornbook-cli")
COMPILE = "python -m compileall -q "


def look_at_backends() -> Part:
    """Look at which backends are installed, and which one Keras will take."""
    there = {name: _version(name) for name in backend.installed()}
    wanted, said_by = backend.chosen()
    facts = ", ".join(f"{name} {version}" for name, version in there.items()) or "none"
    return Part(
        "backends", f"{facts}; Keras takes {wanted}", tuple(_unusable_backend(wanted, said_by, list(there)))
    )


def _unusable_backend(wanted: str, said_by: str, there: list[str]) -> Iterator[Finding]:
    if not there:
        yield Finding("error", "no backend is installed, so nothing can run", "pip install tensorflow")
    elif wanted not in backend.BACKENDS:
        message = f"{said_by} says {wanted!r}; Hornbook works on {', '.join(backend.BACKENDS)}"
        yield Finding("error", message, f"export KERAS_BACKEND={there[0]}")
    elif wanted not in there:
        source = f"{said_by} says" if said_by else "Keras takes"
        install = "tensorflow" if wanted == "tensorflow" else f"'hornbook[{wanted}]'"
        message = f"{source} {wanted}, which is not installed"
        yield Finding("error", message, f"pip install {install}, or export KERAS_BACKEND={there[0]}")


def look_at_versions(catalog: Catalog) -> Part:
    """Look at Python, and at whether what plugins and their dependencies require is what is installed."""
    plugins = {plugin.distribution for plugin in catalog.plugins if plugin.state == "ready"}
    direct = sorted(plugins | set(OWN))
    further = sorted({name for one in direct for name in _required(one)} - {normal(one) for one in direct})
    findings = [
        Finding("error" if of in direct else "warning", f"{of} requires {one}", installing(one.requirement))
        for of in (*direct, *further)
        for one in unmet(_requires(of))
    ]
    keras = _version("keras")
    facts = f"Python {platform.python_version()}, Keras {keras or 'not installed'}"
    return Part("versions", facts, tuple(findings))


def look_at_bytecode() -> Part:
    """Look at whether Keras and the backend are compiled: without, each import takes three times as long."""
    findings = []
    for package in ("keras", backend.usable()):
        folder = _folder(package)
        if folder is not None and not _compiled(folder):
            never = sys.dont_write_bytecode or not os.access(folder, os.W_OK)
            after = "each time" if never else "once more, and then compiled"
            message = f"{package} is not compiled: it is read from source {after}, in seconds"
            findings.append(Finding("warning" if never else "note", message, f"{COMPILE}{folder}"))
    return Part("bytecode", "not there" if findings else "there", tuple(findings))


def _compiled(folder: Path) -> bool:
    """Whether the bytecode of a sample of a package's modules is there."""
    modules = sorted(folder.glob("*.py"))[:3] + sorted(folder.glob("src/*.py"))[:3]
    return all(Path(importlib.util.cache_from_source(str(module))).exists() for module in modules)


def _folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _required(of: str) -> Iterator[str]:
    """The distributions that a distribution requires, without conditions and extras."""
    for text in _requires(of):
        if ";" not in text:
            yield normal(re.split(r"[^A-Za-z0-9._-]", text, maxsplit=1)[0])


def _requires(of: str) -> list[str]:
    try:
        return distribution(of).requires or []
    except PackageNotFoundError:
        return []


def _version(of: str) -> str:
    """The version of a distribution; TensorFlow comes from several."""
    for name in (of, f"{of}-cpu", f"{of}_cpu"):
        try:
            return distribution(name).version
        except PackageNotFoundError:
            continue
    return ""
