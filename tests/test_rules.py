"""What the rules ask for when they are called without a door before them."""

from datetime import date

import pytest

from ruxcalc import InputError
from ruxcalc.labels import load_all
from ruxcalc.patient import Patient
from ruxcalc.rules.check import check
from ruxcalc.rules.drugs import nearest


def test_a_start_needs_a_visit_where_no_door_filled_in_the_day() -> None:
    with pytest.raises(InputError) as caught:
        check(Patient(start=date(2026, 1, 5)), load_all())
    assert str(caught.value) == "on: is missing beside --start. Accepted: the date of the visit."


def test_at_most_three_names_are_suggested() -> None:
    # Five of the list end like this: indinavir, lopinavir, ritonavir, nelfinavir, saquinavir.
    assert len(nearest("inavir")) == 3
