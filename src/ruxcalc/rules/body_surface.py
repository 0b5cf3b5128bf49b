"""Body surface from height and weight."""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple


class Formula(NamedTuple):
    """A published formula: m2 from height H in cm and weight W in kg."""

    name: str
    expression: str
    surface: Callable[[Decimal, Decimal], Decimal]
    source: str


def mosteller(height: Decimal, weight: Decimal) -> Decimal:
    """Return the body surface in m2 by Mosteller 1987, from `height` in cm and `weight` in kg."""
    return (height * weight / 3600).sqrt()


def dubois(height: Decimal, weight: Decimal) -> Decimal:
    """Return the body surface in m2 by Du Bois 1916, from `height` in cm and `weight` in kg."""
    return Decimal("0.007184") * height ** Decimal("0.725") * weight ** Decimal("0.425")


def haycock(height: Decimal, weight: Decimal) -> Decimal:
    """Return the body surface in m2 by Haycock 1978, from `height` in cm and `weight` in kg."""
    return Decimal("0.024265") * height ** Decimal("0.3964") * weight ** Decimal("0.5378")


FORMULAS: dict[str, Formula] = {
    "mosteller": Formula("Mosteller", "sqrt(H x W / 3600)", mosteller, "Mosteller 1987"),
    "dubois": Formula("Du Bois", "0.007184 x H^0.725 x W^0.425", dubois, "Du Bois 1916"),
    "haycock": Formula("Haycock", "0.024265 x H^0.3964 x W^0.5378", haycock, "Haycock 1978"),
}
