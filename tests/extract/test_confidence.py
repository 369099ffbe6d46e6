"""What a confidence means, and how that is fitted."""

from __future__ import annotations

import numpy as np
import pytest

from kg.extract.learned.confidence import UNCALIBRATED, Confidence
from kg.extract.learned.parts import learned
from kg.model import SLOTS
from kg.train import calibrate


def test_without_curves_a_score_stays_as_it_is() -> None:
    assert UNCALIBRATED.of("formats", 0.3, 0.9) == 0.3
    assert UNCALIBRATED.of_practice(True, 1.2) == 1.0


def test_a_curve_reads_the_score_and_the_practice() -> None:
    curves = Confidence({"formats": [0.0, 1.0, 0.0], "venues": [0.0, 0.0, 1.0]})
    assert curves.of("formats", 0.3, 0.9) == pytest.approx(0.3, abs=1e-4)
    assert curves.of("venues", 0.3, 0.9) == pytest.approx(0.9, abs=1e-4)


@pytest.mark.parametrize("fast", [False, True])
def test_the_shipped_curves_cover_every_slot_and_never_fall(fast: bool) -> None:
    confidence = learned(fast).confidence
    for slot in ("region", "part_of", *SLOTS, "outcomes", "dates"):
        rising = [confidence.of(slot, score, 0.6) for score in (0.05, 0.2, 0.5, 0.8, 0.95)]
        assert rising == sorted(rising)
        assert confidence.of(slot, 0.5, 0.4) != 0.5, slot  # a curve is there
    for named in (True, False):
        assert confidence.of_practice(named, 0.2) <= confidence.of_practice(named, 0.9)


def test_the_fit_finds_the_odds_that_the_values_were_drawn_with() -> None:
    draw = np.random.default_rng(3)
    found = []
    for number in range(4000):
        name, score = draw.uniform(0.05, 0.95, 2)
        found.append(calibrate.Found(number, "named", name, (True, name), draw.random() < name))
        truth = Confidence({"formats": [-0.5, 0.5, 1.0]}).of("formats", score, name)
        found.append(calibrate.Found(number, "formats", score, (True, name), draw.random() < truth))
        found.append(calibrate.Found(number, "unnamed", name, (False, name), draw.random() < 0.5))
    curves = calibrate.fit(found)
    assert curves["named"][1] == pytest.approx(1.0, abs=0.15)
    assert curves["unnamed"][1] == pytest.approx(0.0, abs=0.1)
    assert curves["formats"] == pytest.approx([-0.5, 0.5, 1.0], abs=0.2)


def test_the_expected_error_of_a_boaster_and_of_an_honest_one() -> None:
    right = np.array([True, False] * 50)
    assert calibrate.expected_error(np.full(100, 0.95), right) == pytest.approx(0.45)
    assert calibrate.expected_error(np.full(100, 0.5), right) == pytest.approx(0.0)
