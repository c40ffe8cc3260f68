"""A fixed sample of the fuzzer's cases; `python tests/fuzz/fuzz_check.py` runs as many as one likes."""

import importlib.util
import resource
from pathlib import Path

from hornbook.catalog import catalog

SAMPLE = 300


def fuzz_check():
    spec = importlib.util.spec_from_file_location("fuzz_check", Path(__file__).with_name("fuzz_check.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_case_of_the_sample_is_a_finding(tmp_path):
    module = fuzz_check()
    campaign = module.Campaign(catalog(), tmp_path / "recipe.yaml")
    campaign.run(200, begin=-1)  # what is imported and remembered once is no growth
    campaign.outcomes.clear()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    campaign.run(SAMPLE)
    assert list(campaign.findings.values()) == []
    assert campaign.outcomes["accepted"] + campaign.outcomes["rejected"] == SAMPLE
    # The sample says something: some recipes are right, and the wrong ones are wrong in many ways.
    assert campaign.outcomes["accepted"] > 5
    assert len(campaign.outcomes) > 25
    assert campaign.longest < module.SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < module.MEGABYTES


def test_a_fault_would_be_found(tmp_path, monkeypatch):
    module = fuzz_check()
    campaign = module.Campaign(catalog(), tmp_path / "recipe.yaml")

    def broken(text, overrides, file, known):
        raise RecursionError(f"over {text[:4]}")

    monkeypatch.setattr(module, "tried", broken)
    campaign.run(10)
    (finding,) = campaign.findings.values()
    assert finding.startswith("RecursionError at test_fuzz_check.py:")
