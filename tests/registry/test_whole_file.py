"""Files written whole."""

import os
import stat
from contextlib import contextmanager

import pytest

from hornbook.whole_file import write_json, write_whole, written_whole


@contextmanager
def mask(bits):
    before = os.umask(bits)
    try:
        yield
    finally:
        os.umask(before)


def test_what_was_there_stays_until_the_new_is_whole(tmp_path):
    file = tmp_path / "deep" / "x.json"
    write_json(file, {"a": 1})
    with pytest.raises(TypeError):
        write_json(file, {"a": object()})
    with written_whole(file) as stream:
        stream.write(b"half")
        stream.flush()
        assert file.read_text() == '{\n  "a": 1\n}\n'
        stream.write(b" and half")
    assert file.read_text() == "half and half"
    assert list(file.parent.iterdir()) == [file]


def test_two_who_write_at_once_do_not_mix(tmp_path):
    file = tmp_path / "x"
    with written_whole(file) as one, written_whole(file, durable=False) as other:
        one.write(b"one")
        other.write(b"other")
    assert file.read_text() == "one"  # it was left last


@pytest.mark.parametrize("bits", [0o022, 0o027, 0o077])
def test_a_file_may_be_read_by_whom_the_mask_allows(tmp_path, bits):
    file = tmp_path / "x"
    with mask(bits):
        write_whole(file, "for the team")
    assert stat.S_IMODE(file.stat().st_mode) == 0o666 & ~bits
