"""Work ahead of the steps that need it."""

import sys
from pathlib import Path

import pytest

from placetypes.runner.ahead import prepare, prepare_ahead
from placetypes.runner.project import read_project

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


def test_what_two_steps_use_is_prepared_once_and_selects_use_nothing(monkeypatch):
    models = read_project(ROOT).models
    seen = []
    monkeypatch.setattr("placetypes.runner.ahead.prepare", seen.append)
    names = ("census.supergroups", "census.subgroups", "census.umap")
    prepare_ahead([models[name] for name in names], ROOT).join()
    prepare_ahead([models["census.index_scores"]], ROOT).join()
    assert sorted(seen[0]) == ["models_py.methods.kmeans", "models_py.methods.umap"]
    assert seen[1] == []
