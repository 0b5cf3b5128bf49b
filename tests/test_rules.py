"""What the rules ask for when they are called without a door before them."""

from datetime import date

import pytest

from ruxcalc import InputError
from ruxcalc.labels import load_all
from ruxcalc.patient import Patient
from ruxcalc.rules.check import check


def test_a_start_needs_a_visit_where_no_door_filled_in_the_day() -> None:
    with pytest.raises(InputError) as caught:
        check(Patient(start=date(2026, 1, 5)), load_all())
    assert str(caught.value) == "on: is missing beside --start. Accepted: the date of the visit."
