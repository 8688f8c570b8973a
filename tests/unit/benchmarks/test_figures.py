"""What is said of measured values."""

import xml.etree.ElementTree as ET

import pytest

from benchmarks.queueing.dispatch import growth, percentile
from benchmarks.queueing.plot import growth_svg


@pytest.mark.parametrize(("percent", "value"), [(50, 50.0), (99, 99.0), (100, 100.0), (0.5, 1.0)])
def test_percentile_is_a_value_that_was_measured(percent: float, value: float) -> None:
    assert percentile([float(one) for one in range(100, 0, -1)], percent) == value


def test_a_cost_that_grows_as_the_logarithm_grows_by_one() -> None:
    assert growth({100: 2.0, 10_000: 4.0}) == pytest.approx(1.0)
    assert growth({100: 2.0, 10_000: 2.0}) == pytest.approx(0.5)
    assert growth({100: 2.0, 10_000: 200.0}) == pytest.approx(50.0)


def test_the_plot_is_a_picture_of_each_series() -> None:
    costs = {100: 0.3, 1_000: 0.4, 10_000: 0.5}
    svg = growth_svg({"offer": costs, "bare": costs}, title="Cost", unit="ms")
    root = ET.fromstring(svg)  # noqa: S314 - our own picture
    assert len(root.findall("{http://www.w3.org/2000/svg}polyline")) == 2
    assert {"Cost", "offer", "bare", "10,000"} <= {text for text in root.itertext() if text.strip()}
