"""Parsed SQL is kept by its text, and parsed again when anything changed."""

import json

from placetypes.runner import parse_cache
from placetypes.runner.parse_cache import FILE, ParseCache
from placetypes.runner.python_steps import definitions


def write(root, text):
    """Write a model and return its path."""
    (root / "sql").mkdir(exist_ok=True)
    path = root / "sql" / "areas.sql"
    path.write_text(text)
    return path


def write_step(root, helper="def helper(): return 1", where="models_py"):
    """Write a step that uses a helper in another file and return its path."""
    (root / "sql").mkdir(exist_ok=True)
    for folder in (root / "models_py", root / where):
        folder.mkdir(exist_ok=True)
    (root / where / "help.py").write_text(helper)
    path = root / "models_py" / "labels.py"
    path.write_text(
        "def labels(areas: 'pa.Table', seed: int):\n"
        '    """One row: one area."""\n'
        f"    from {where}.help import helper\n"
        "    return helper()\n"
    )
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
    assert len(json.loads((tmp_path / "sql" / FILE).read_text())["known"]) == 1


def test_another_parser_or_half_a_file_counts_as_nothing(tmp_path):
    cache = ParseCache(tmp_path)
    cache.parse(write(tmp_path, "from town.areas"))
    cache.save()
    content = json.loads((tmp_path / "sql" / FILE).read_text())
    (tmp_path / "sql" / FILE).write_text(json.dumps(content | {"parser": "older"}))
    assert ParseCache(tmp_path).known == {}
    (tmp_path / "sql" / FILE).write_text(json.dumps(content)[:40])
    assert ParseCache(tmp_path).known == {}


def test_a_step_is_read_from_the_file_while_no_code_changed(tmp_path, monkeypatch):
    path = write_step(tmp_path)
    cache = ParseCache(tmp_path)
    parsed = cache.parse_step(path)
    cache.save()
    monkeypatch.setattr(parse_cache, "parse_step", None)  # would raise
    assert ParseCache(tmp_path).parse_step(path) == parsed
    assert parsed.arguments == ("areas", "seed")
    assert parsed.files == ("models_py/help.py", "models_py/labels.py")


def test_a_step_is_parsed_again_when_code_that_it_uses_changed(tmp_path):
    path = write_step(tmp_path)
    cache = ParseCache(tmp_path)
    before = cache.parse_step(path)
    cache.save()
    definitions.cache_clear()  # as in a new process
    write_step(tmp_path, "def helper(): return 2")
    assert ParseCache(tmp_path).parse_step(path).code != before.code


def test_a_step_that_uses_code_from_elsewhere_is_parsed_each_time(tmp_path):
    path = write_step(tmp_path, where="elsewhere")
    cache = ParseCache(tmp_path)
    assert "elsewhere/help.py" in cache.parse_step(path).files
    cache.save()
    assert ParseCache(tmp_path).known_steps == {}
