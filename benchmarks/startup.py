"""How long a whole command takes, as a ratio to a bare interpreter's start.

    python benchmarks/startup.py [--runs 20]

The commands are run in turn, so that a machine that slows down slows all of them.
Install the package first, not as an editable one: its bytecode is part of the matter.
The aims: 4 times a bare start for the forms that scripts use, 10 times for the table.
"""

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

RUXCALC = str(Path(sys.executable).parent / "ruxcalc")
DOSE = [RUXCALC, "dose", "--bsa", "8"]
CHECK = [RUXCALC, "check", "--week", "52", "--repig", "20"]
WARN = [RUXCALC, "warn", "--pregnant", "--drug", "itraconazole"]
ASSESS = [RUXCALC, "assess", "--bsa", "8", "--week", "52", "--repig", "20", "--age", "34"]
PLAN = [RUXCALC, "plan", "--start", "2026-01-05", "--bsa", "8"]
TRACK = [RUXCALC, "track", str(Path(__file__).parent.parent / "examples" / "visits.csv")]
BARE = "python -c pass"
COMMANDS: dict[str, list[str]] = {
    BARE: [sys.executable, "-c", "pass"],
    "dose -q": [*DOSE, "-q"],
    "dose --get": [*DOSE, "--get", "use.grams_per_week"],
    "dose -f json": [*DOSE, "-f", "json"],
    "dose -f note": [*DOSE, "-f", "note"],
    "dose (table)": DOSE,
    "check -f json": [*CHECK, "-f", "json"],
    "check (table)": CHECK,
    "warn -f json": [*WARN, "-f", "json"],
    "warn (table)": WARN,
    "assess -f json": [*ASSESS, "-f", "json"],
    "plan -f json": [*PLAN, "-f", "json"],
    "plan (table)": PLAN,
    "plan -f ics": [*PLAN, "-f", "ics"],
    "track -f json": [*TRACK, "-f", "json"],
    "track (chart)": TRACK,
    "evidence -f json": [RUXCALC, "evidence", "-f", "json"],
    "label -f json": [RUXCALC, "label", "-f", "json"],
    "dose --help": [RUXCALC, "dose", "--help"],
}


def seconds(command: list[str]) -> float:
    """Return the wall time of one run of `command`, in seconds."""
    start = time.perf_counter()
    subprocess.run(command, capture_output=True, check=False)
    return time.perf_counter() - start


def main() -> None:
    """Run every command in turn and print the ratios of the medians."""
    parser = argparse.ArgumentParser(description="Start-up of ruxcalc against a bare interpreter.")
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs + 1):
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    medians = {name: statistics.median(taken[1:]) for name, taken in times.items()}
    print(f"{'command':<18}{'median ms':>10}{'ratio':>8}   ({runs} runs after a warm-up)")
    for name, median in medians.items():
        print(f"{name:<18}{median * 1000:>10.1f}{median / medians[BARE]:>8.2f}")


if __name__ == "__main__":
    main()
