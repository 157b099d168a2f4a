"""Figures: what users name is text, whatever it holds."""

import pytest

from placetypes.report.drawing import new_figure, save
from placetypes.report.frame import Frame


@pytest.mark.parametrize("name", ["homes at $100 to $200", r"$\nothing{", "$x^2$", "%"])
def test_dollars_are_no_mathematics(name, tmp_path):
    figure = new_figure(4, 3, name)
    axes = figure.add_subplot()
    axes.set_xlabel(name)
    axes.set_xticks([0], labels=[name])
    axes.plot([0], [0], label=name)
    axes.legend()
    _, svg = save(figure, tmp_path / "figure.png", Frame(above=name, below=name))
    assert svg.read_text("utf-8").count(f">{name}<") == 6
