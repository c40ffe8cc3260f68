"""The index when several commands are at it, when there is no room for it, and when what it holds is hostile."""

import json
import os
import resource
import subprocess
import sys

import pytest

from hornbook.discovery import storage

SCRIPT = """
from hornbook.discovery.discover import plugins
print([(plugin.name, plugin.state) for plugin in plugins() if plugin.state != "disabled"])
"""
TINY = """
from hornbook import hookimpl

@hookimpl
def hornbook_commands():
    yield {"name": "tidy", "target": "tiny:tidy", "help": "Tidies."}
"""
ANSWER = "[('tiny', 'ready')]\n"


@pytest.fixture
def environment(site, tmp_path):
    """Of processes that look for one plugin alone, which takes no Keras."""
    site.install("tiny", [("tiny", "tiny")], {"tiny.py": TINY})
    return {
        **os.environ,
        "PYTHONPATH": str(site.path),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "TMPDIR": str(tmp_path / "temporary"),
        "HORNBOOK_PLUGINS": "tiny",
    }


def start(environment, **more):
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT], env=environment, stdout=subprocess.PIPE, text=True, **more
    )


def answer(process):
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return said


def files(tmp_path):
    return [file.name for file in (tmp_path / "cache").rglob("*") if file.is_file()]


def test_commands_at_one_time_all_answer_and_leave_one_whole_index(environment, tmp_path, monkeypatch):
    assert [answer(one) for one in [start(environment) for _ in range(6)]] == [ANSWER] * 6
    assert len(files(tmp_path)) == 1
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found, content = storage.read()
    assert found is not None
    assert json.loads(content.partition(b"\n")[0])["plugins"][0]["state"] == "ready"


def test_a_full_disk_costs_the_index_and_nothing_else(environment, tmp_path):
    def no_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    for _ in range(2):
        assert answer(start(environment, preexec_fn=no_room)) == ANSWER
    assert files(tmp_path) == []  # nor is half of one left behind


def test_where_the_cache_takes_no_files_the_folder_for_temporary_files_does(environment, tmp_path):
    (tmp_path / "temporary").mkdir()
    (tmp_path / "cache").write_text("no folder")
    for _ in range(2):
        assert answer(start(environment)) == ANSWER
    folder = tmp_path / "temporary" / f"hornbook-{os.getuid()}"
    assert folder.stat().st_mode & 0o077 == 0
    assert len(list(folder.iterdir())) == 1


def head(change):
    """A change of what the index tells of plugins."""

    def whole(content):
        first, _, rest = content.partition(b"\n")
        data = json.loads(first)
        change(data)
        return json.dumps(data).encode() + b"\n" + rest

    return whole


def nested(data):
    inner = []
    for _ in range(900):
        inner = [inner]
    data["plugins"][0]["hooks"] = inner


def of_nobody(data):
    entry = {**data["entries"][0], "name": "ghost", "distribution": "ghost"}
    data["plugins"].append({**data["plugins"][0], "entry": entry})


@pytest.mark.parametrize(
    "hostile",
    [
        head(lambda data: data.update(plugins="plugins")),
        head(lambda data: data.update(plugins=[[]])),
        head(lambda data: data.update(entries=[5])),
        head(lambda data: data["plugins"][0].update(components=[{"kind": "loss"}])),
        head(lambda data: data["plugins"][0].update(components=[{"name": 10**400}])),
        head(lambda data: data["plugins"][0].update(sources=[["/", 10**400]])),
        head(lambda data: data["plugins"][0].pop("state")),
        head(lambda data: data["plugins"][0].update(commands=[{"name": "tidy", "more": 1}])),
        head(nested),
        head(of_nobody),
        head(lambda data: data.update(plugins=data["plugins"] * 3)),
        lambda content: b"[" * 100_000,
        lambda content: content.replace(b'"tiny"', b'"tiny', 1),
    ],
)
def test_hostile_content_is_made_anew_or_has_no_effect(environment, tmp_path, hostile):
    """Even where its checksum is right."""
    assert answer(start(environment)) == ANSWER
    (file,) = (tmp_path / "cache").rglob("index-*")
    rest = hostile(file.read_bytes().partition(b"\n")[2])
    file.write_bytes(storage.heading(rest) + b"\n" + rest)
    assert answer(start(environment)) == ANSWER


def test_an_index_that_somebody_else_could_have_written_is_not_read(environment, tmp_path, monkeypatch):
    answer(start(environment))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    file, _ = storage.read()
    if os.getuid() == 0:
        os.chown(file, 12345, 12345)
    else:  # only root can give a file away
        file.chmod(0o620)
    assert storage.read()[0] != file
    assert answer(start(environment)) == ANSWER
