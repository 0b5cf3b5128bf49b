"""How fast a list is answered, as a ratio to reading and writing it without any work.

    python benchmarks/batch.py [--rows 20000] [--loop 50]

The floor reads the CSV with the standard `csv` module and writes each row again. Two
cohorts are answered: one in which every row is different, and a realistic one (% BSA to
one decimal, whole weeks, whole percentages). All is written to the null device, in turn,
in one run. The start of a process, measured on a list of one row, is taken off the times.
The shell loop is one `ruxcalc assess` for each row. Install the package first.
"""

import argparse
import csv
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

RUXCALC = str(Path(sys.executable).parent / "ruxcalc")
HEADER = ("id", "ward", "bsa", "height", "weight", "week", "repig", "measure", "age", "face",
          "pregnant", "breastfeeding", "esrd", "drugs", "smoker", "infection")  # fmt: skip
DRUGS = ("", "none", "itraconazole", "verapamil", "rifampicin", "nirmatrelvir/ritonavir")
RARE = 0.05
ANSWERED = (0, 3, 4)
FLOOR = (
    "import csv, sys\n"
    "with open(sys.argv[1], newline='') as source, open('/dev/null', 'w', newline='') as sink:\n"
    "    csv.writer(sink).writerows(csv.reader(source))\n"
)


def flags(chance: random.Random) -> list[str]:
    """Seven answers of a patient, most of them no."""
    yes_no = ["yes" if chance.random() < RARE else "no" for _ in range(6)]
    return ["yes", *yes_no[:3], chance.choice(DRUGS), *yes_no[3:5]]


def different(chance: random.Random) -> list[str]:
    """A row that no other row is like."""
    return [f"{chance.uniform(0.5, 12):.6f}", f"{chance.uniform(150, 195):.3f}",
            f"{chance.uniform(45, 110):.3f}", f"{chance.uniform(0, 110):.5f}",
            f"{chance.uniform(-20, 100):.6f}", "t-vasi",
            f"{chance.uniform(10, 90):.5f}", *flags(chance)]  # fmt: skip


def realistic(chance: random.Random) -> list[str]:
    """A row as a clinic writes it."""
    return [f"{chance.uniform(0.5, 12):.1f}", "", "", str(chance.randrange(0, 105, 4)),
            str(chance.randrange(0, 101)), "t-vasi", str(chance.randrange(12, 80)),
            *flags(chance)]  # fmt: skip


def write_cohort(path: Path, rows: int, make: Callable[[random.Random], list[str]]) -> None:
    """A cohort of invented values, the same at every run."""
    chance = random.Random(20260630)  # noqa: S311 - no secret
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(rows):
            writer.writerow([f"p{number}", chance.choice("ABC"), *make(chance)])


def run(command: list[str]) -> tuple[float, int]:
    """Seconds and peak memory (MB) of a command whose output is thrown away."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ANSWERED:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss // 1024


def main() -> None:
    """Measure, in turn, and print."""
    parser = argparse.ArgumentParser(description="Speed of ruxcalc batch against the csv floor.")
    parser.add_argument("--rows", type=int, default=20000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--loop", type=int, default=50)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cohorts = {name: Path(folder) / f"{name}.csv" for name in ("different", "realistic")}
        write_cohort(cohorts["different"], given.rows, different)
        write_cohort(cohorts["realistic"], given.rows, realistic)
        single = Path(folder) / "single.csv"
        write_cohort(single, 1, realistic)
        commands = {
            f"{name}, {what}": command
            for name, path in cohorts.items()
            for what, command in {
                "floor": [sys.executable, "-c", FLOOR, str(path)],
                "ndjson, 1 process": [RUXCALC, "batch", str(path), "--jobs", "1"],
                "ndjson, 2 processes": [RUXCALC, "batch", str(path), "--jobs", "2"],
                "ndjson, as it comes": [RUXCALC, "batch", str(path)],
                "csv, 1 process": [RUXCALC, "batch", str(path), "-f", "csv", "--jobs", "1"],
            }.items()
        }
        starts = {
            "floor": [sys.executable, "-c", FLOOR, str(single)],
            "batch": [RUXCALC, "batch", str(single)],
        }
        taken: dict[str, list[tuple[float, int]]] = {name: [] for name in (*commands, *starts)}
        for _ in range(given.runs):
            for name, command in (*commands.items(), *starts.items()):
                taken[name].append(run(command))
        middle = {name: statistics.median(seconds for seconds, _ in t) for name, t in taken.items()}
        print(f"{given.rows} rows, {given.runs} runs in turn, medians, start of the process off")
        print(f"{'':<34}{'rows/s':>10}{'us/row':>9}{'ratio':>8}{'peak MB':>9}")
        for name in commands:
            is_floor = name.endswith("floor")
            seconds = middle[name] - middle["floor" if is_floor else "batch"]
            floor = middle[f"{name.split(',')[0]}, floor"] - middle["floor"]
            peak = max(memory for _, memory in taken[name])
            print(f"{name:<34}{given.rows / seconds:>10.0f}{seconds / given.rows * 1e6:>9.1f}"
                  f"{seconds / floor:>8.1f}{peak:>9}")  # fmt: skip
        loop = [run([RUXCALC, "assess", "--bsa", "8", "--week", "52", "--repig", "20", "--json"])
                for _ in range(given.loop)]  # fmt: skip
        each = sum(seconds for seconds, _ in loop) / given.loop
        print(f"{'shell loop over single calls':<34}{1 / each:>10.0f}{each * 1e6:>9.0f}")


if __name__ == "__main__":
    main()
