"""Parsed SQL is kept by its text, and parsed again when anything changed."""

import json

from runner.parse_cache import FILE, ParseCache


def write(folder, text):
    """Write a model and return its path."""
    path = folder / "areas.sql"
    path.write_text(text)
    return path


def test_what_was_parsed_is_read_from_the_file(tmp_path):
    path = write(tmp_path, "select getvariable('region') as x from town.areas")
    cache = ParseCache(tmp_path)
    parsed = cache.parse(path)
    cache.save()
    kept = ParseCache(tmp_path)
    assert kept.known
    assert kept.parse(path) == parsed
    assert parsed.tables == ("town.areas",)


def test_another_text_is_parsed_again_and_the_old_one_forgotten(tmp_path):
    cache = ParseCache(tmp_path)
    cache.parse(write(tmp_path, "select 1 as x from town.areas"))
    cache.save()
    later = ParseCache(tmp_path)
    assert later.parse(write(tmp_path, "from town.other")).tables == ("town.other",)
    later.save()
    assert len(json.loads((tmp_path / FILE).read_text())["known"]) == 1


def test_another_parser_or_half_a_file_counts_as_nothing(tmp_path):
    cache = ParseCache(tmp_path)
    cache.parse(write(tmp_path, "from town.areas"))
    cache.save()
    content = json.loads((tmp_path / FILE).read_text())
    (tmp_path / FILE).write_text(json.dumps(content | {"parser": "older"}))
    assert ParseCache(tmp_path).known == {}
    (tmp_path / FILE).write_text(json.dumps(content)[:40])
    assert ParseCache(tmp_path).known == {}
