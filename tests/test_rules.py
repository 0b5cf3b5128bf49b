"""What the rules ask for when they are called without a door before them."""

from datetime import date

import pytest

from ruxcalc import InputError
from ruxcalc.labels import load_all
from ruxcalc.patient import Patient
from ruxcalc.rules.check import check
from ruxcalc.rules.drugs import nearest
from ruxcalc.rules.vasi import read_visit, vasi


def test_a_start_needs_a_visit_where_no_door_filled_in_the_day() -> None:
    with pytest.raises(InputError) as caught:
        check(Patient(start=date(2026, 1, 5)), load_all())
    assert str(caught.value) == "on: is missing beside --start. Accepted: the date of the visit."


def test_at_most_three_names_are_suggested() -> None:
    # Five of the list end like this: indinavir, lopinavir, ritonavir, nelfinavir, saquinavir.
    assert len(nearest("inavir")) == 3


def test_the_working_of_a_score_is_given_where_it_is_asked_for() -> None:
    visit = read_visit("sites", ["face=1@25"])
    assert vasi(visit, None, load_all()).steps is None
    assert vasi(visit, None, load_all(), explain=True).steps
