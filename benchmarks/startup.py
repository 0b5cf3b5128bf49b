"""How long a whole command takes, as a ratio to a bare interpreter's start.

    python benchmarks/startup.py [--runs 20]

The commands are run in turn, so that a machine that slows down slows all of them, and measured
in processor time, which another busy process hardly changes. Install the package first, not as
an editable one: its bytecode is part of the matter. The aims: 1.6 times a bare start for
`--version`, 3 for the forms that scripts use, 6 for a table, and what Typer takes (13) for help.
"""

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

RUXCALC = str(Path(sys.executable).parent / "ruxcalc")
EXAMPLES = Path(__file__).parent.parent / "examples"
ASSESS = "assess --bsa 8 --week 52 --repig 20 --age 34"
CHECK = "check --week 52 --repig 20"
PLAN = "plan --start 2026-01-05 --bsa 8"
TRACK = f"track {EXAMPLES / 'visits.csv'}"
BARE = "python -c pass"
FORMS = (
    "--version",
    "dose --bsa 8 -q",
    "dose --bsa 8 --get use.grams_per_week",
    "dose --bsa 8 -f json",
    "dose --bsa 8 -f note",
    "dose --bsa 8",
    f"{CHECK} -f json",
    CHECK,
    "warn --pregnant --drug itraconazole -f json",
    "warn --pregnant --drug itraconazole",
    f"{ASSESS} -f json",
    ASSESS,
    f"{PLAN} -f json",
    PLAN,
    f"{PLAN} -f ics",
    f"{TRACK} -f json",
    TRACK,
    "evidence -f json",
    "label -f json",
    "label eu storage",
    f"batch {EXAMPLES / 'cohort.csv'}",
    "dose --help",
    "--help",
)


def seconds(command: list[str]) -> float:
    """Return the processor time of one run of a command."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Run every command in turn and print the ratios of the medians."""
    parser = argparse.ArgumentParser(description="Start-up of ruxcalc against a bare interpreter.")
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    commands = {BARE: [sys.executable, "-c", "pass"]}
    commands |= {form.replace(f"{EXAMPLES}/", ""): [RUXCALC, *form.split()] for form in FORMS}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs + 1):
        for name, command in commands.items():
            times[name].append(seconds(command))
    medians = {name: statistics.median(taken[1:]) for name, taken in times.items()}
    print(f"{'command':<50}{'ms':>8}{'ratio':>8}   ({runs} runs after a warm-up)")
    for name, median in medians.items():
        print(f"{name:<50}{median * 1000:>8.1f}{median / medians[BARE]:>8.2f}")


if __name__ == "__main__":
    main()
