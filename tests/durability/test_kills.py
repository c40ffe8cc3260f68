"""A few of the kills; `python tests/durability/kills.py` kills as often as one likes, on every backend."""

import importlib.util
import sys
from pathlib import Path


def kills():
    spec = importlib.util.spec_from_file_location("kills", Path(__file__).with_name("kills.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look for themselves there
    spec.loader.exec_module(module)
    return module


def test_killed_and_resumed_runs_end_with_the_same_bits(tmp_path):
    module = kills()
    trials = list(module.campaign({"tensorflow": sys.executable}, ["one-cycle"], 3, 5, tmp_path))
    assert sum(len(one.kills) for one in trials) == 3
    assert [one.differences for one in trials] == [[]] * len(trials)
