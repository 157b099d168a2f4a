"""Work ahead of the steps that need it."""

import sys
from pathlib import Path

import pytest

from placetypes.runner.ahead import prepare, prepare_ahead
from placetypes.runner.project import load_project
from placetypes.runner.python_steps import parse_step

ROOT = Path(__file__).parents[3]


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """Give a function that writes a module; what it prepares is a file beside it."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(name: str, first: str = "") -> Path:
        done = tmp_path / f"{name}.done"
        (tmp_path / f"{name}.py").write_text(
            f"{first}\nfrom pathlib import Path\n"
            f"def prepare():\n    Path({str(done)!r}).touch()\n"
        )
        monkeypatch.delitem(sys.modules, name, raising=False)
        return done

    return write


def test_each_module_prepares_itself(modules):
    one, two = modules("slow_one"), modules("slow_two")
    prepare(["slow_one", "slow_two"])
    assert one.exists()
    assert two.exists()


@pytest.mark.parametrize("first", ["import no_such_library", "1 / 0"])
def test_what_fails_is_left_to_the_step_to_report(modules, first, capfd):
    done = modules("slow_three", first)
    prepare(["slow_three"])
    assert not done.exists()
    assert capfd.readouterr().err == ""  # no traceback from the background


def test_steps_name_what_they_use_and_sql_nothing():
    models = load_project(ROOT).models
    assert models["census.supergroups"].prepared == ("models_py.kmeans",)
    assert models["census.umap"].prepared == ("models_py.likeness",)
    assert models["embeddings.forests"].prepared == ("models_py.forests",)
    assert models["census.index_scores"].prepared == ()


def test_what_two_steps_use_is_prepared_once(monkeypatch):
    models = load_project(ROOT).models
    seen = []
    monkeypatch.setattr("placetypes.runner.ahead.prepare", seen.append)
    names = ("census.supergroups", "census.subgroups", "census.umap")
    prepare_ahead(models[name] for name in names).join()
    assert seen == [["models_py.kmeans", "models_py.likeness"]]


def test_a_step_without_slow_libraries_prepares_nothing():
    step = parse_step(ROOT / "models_py" / "census" / "hierarchy_splits.py", ROOT)
    assert step.prepared == ()
