"""ruxcalc: a prescribing calculator for topical ruxolitinib 1.5 % cream in vitiligo.

`dose`, `check`, `warn`, `assess`, `label`, `vasi`, `plan`, `track`, `handout` and `evidence`
answer as the command of that name does; `InputError` is what they raise for input that is not
accepted.
"""

from ruxcalc.errors import InputError

TYPE_CHECKING = False  # as in `typing`, which the command line starts without
if TYPE_CHECKING:
    from ruxcalc.api import (
        assess,
        check,
        dose,
        evidence,
        handout,
        label,
        plan,
        track,
        vasi,
        warn,
    )

__all__ = [
    "InputError",
    "assess",
    "check",
    "dose",
    "evidence",
    "handout",
    "label",
    "plan",
    "track",
    "vasi",
    "warn",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    # Loaded on first use: the command line starts without them.
    if name in __all__:
        from ruxcalc import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
