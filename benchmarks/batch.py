"""How fast a list is answered, as a ratio to reading and writing it without any work.

    python benchmarks/batch.py [--rows 20000] [--runs 3] [--loop 50] [--peers]

The floor reads the CSV with the standard `csv` module and writes each row again. Two cohorts
are answered: a realistic one (% BSA to one decimal, whole weeks, whole percentages), and one in
which every row is different. All is written to the null device, in turn, in one run. Times are
processor times, which another busy process hardly changes; the start of each process, measured
on a list of one row, is taken off. The shell loop is one `ruxcalc assess` for each row.

The peers compute a small part of the same answer in binary floating point, without reasons,
sources or a single check of what was typed: what is left of the difference is what exactness and
provenance cost. Each is run if it is installed. Install the package first, not as an editable one.
"""

import argparse
import csv
import importlib.util
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

RUXCALC = str(Path(sys.executable).parent / "ruxcalc")
HEADER = ("id", "ward", "bsa", "height", "weight", "week", "repig", "measure", "age", "face",
          "pregnant", "breastfeeding", "esrd", "drugs", "smoker", "infection")  # fmt: skip
DRUGS = ("", "none", "itraconazole", "verapamil", "rifampicin", "nirmatrelvir/ritonavir")
RARE = 0.05
ANSWERED = (0, 3, 4)
FLOOR = """
import csv, sys
with open(sys.argv[1], newline="") as source, open("/dev/null", "w", newline="") as sink:
    csv.writer(sink).writerows(csv.reader(source))
"""
# What a peer answers: grams a week, whether they are within the US and the EU cap, the decision
# at the EU review, and whether the age is under 12.
PEERS = {
    "plain Python, floats": """
import csv, sys
with open(sys.argv[1], newline="") as source, open("/dev/null", "w", newline="") as sink:
    rows = csv.DictReader(source)
    writer = csv.writer(sink)
    for row in rows:
        grams = float(row["bsa"]) * 3.5
        stop = float(row["week"]) >= 52 and float(row["repig"]) < 25
        writer.writerow((*row.values(), grams, grams <= 60, grams / 7 * 31 <= 200,
                         "consider-stopping" if stop else "continue", float(row["age"]) < 12))
""",
    "pandas": """
import sys, numpy, pandas
table = pandas.read_csv(sys.argv[1])
table["grams"] = table["bsa"] * 3.5
table["us"] = table["grams"] <= 60
table["eu"] = table["grams"] / 7 * 31 <= 200
stop = (table["week"] >= 52) & (table["repig"] < 25)
table["decision"] = numpy.where(stop, "consider-stopping", "continue")
table["young"] = table["age"] < 12
table.to_csv("/dev/null", index=False)
""",
    "polars": """
import sys, polars
from polars import col, lit, when
stop = (col("week") >= 52) & (col("repig") < 25)
grams = col("bsa") * 3.5
polars.read_csv(sys.argv[1]).with_columns(
    grams=grams, us=grams <= 60, eu=grams / 7 * 31 <= 200, young=col("age") < 12,
    decision=when(stop).then(lit("consider-stopping")).otherwise(lit("continue")),
).write_csv("/dev/null")
""",
    "duckdb": """
import sys, duckdb
duckdb.sql(f'''copy (select *, bsa * 3.5 as grams, bsa * 3.5 <= 60 as us,
    bsa * 0.5 * 31 <= 200 as eu, age < 12 as young,
    case when week >= 52 and repig < 25 then 'consider-stopping' else 'continue' end as decision
    from read_csv('{sys.argv[1]}')) to '/dev/null' (format csv)''')
""",
}


def flags(chance: random.Random) -> list[str]:
    """Return seven answers of a patient, most of them no."""
    yes_no = ["yes" if chance.random() < RARE else "no" for _ in range(6)]
    return ["yes", *yes_no[:3], chance.choice(DRUGS), *yes_no[3:5]]


def different(chance: random.Random) -> list[str]:
    """Return a row that no other row is like."""
    return [f"{chance.uniform(0.5, 12):.6f}", f"{chance.uniform(150, 195):.3f}",
            f"{chance.uniform(45, 110):.3f}", f"{chance.uniform(0, 110):.5f}",
            f"{chance.uniform(-20, 100):.6f}", "t-vasi",
            f"{chance.uniform(10, 90):.5f}", *flags(chance)]  # fmt: skip


def realistic(chance: random.Random) -> list[str]:
    """Return a row as a clinic writes it."""
    return [f"{chance.uniform(0.5, 12):.1f}", "", "", str(chance.randrange(0, 105, 4)),
            str(chance.randrange(0, 101)), "t-vasi", str(chance.randrange(12, 80)),
            *flags(chance)]  # fmt: skip


def write_cohort(path: Path, rows: int, make: Callable[[random.Random], list[str]]) -> None:
    """Write a cohort of invented values, the same at every run."""
    chance = random.Random(20260630)  # noqa: S311 - no secret
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(rows):
            writer.writerow([f"p{number}", chance.choice("ABC"), *make(chance)])


def run(command: list[str]) -> tuple[float, int]:
    """Return processor seconds and peak memory (MB) of a command whose output is thrown away."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ANSWERED:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


def commands_of(*, peers: bool) -> dict[str, Callable[[str], list[str]]]:
    """Return what is measured: a name, and a command for the path of a list."""
    chosen: dict[str, Callable[[str], list[str]]] = {
        "floor": lambda path: [sys.executable, "-c", FLOOR, path],
        "ndjson": lambda path: [RUXCALC, "batch", path],
        "csv": lambda path: [RUXCALC, "batch", path, "-f", "csv"],
        "table": lambda path: [RUXCALC, "batch", path, "-f", "table"],
    }
    for name, program in PEERS.items() if peers else ():
        module = name if name.isalpha() else "csv"
        if importlib.util.find_spec(module) is not None:
            chosen[name] = lambda path, program=program: [  # type: ignore[misc]  # bound now
                sys.executable, "-c", program, path,
            ]  # fmt: skip
    return chosen


def main() -> None:
    """Measure, in turn, and print."""
    parser = argparse.ArgumentParser(description="Speed of ruxcalc batch against the csv floor.")
    parser.add_argument("--rows", type=int, default=20000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--loop", type=int, default=50)
    parser.add_argument("--peers", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cohorts = {name: Path(folder) / f"{name}.csv" for name in ("realistic", "different")}
        write_cohort(cohorts["realistic"], chosen.rows, realistic)
        write_cohort(cohorts["different"], chosen.rows, different)
        single = Path(folder) / "single.csv"
        write_cohort(single, 1, realistic)
        commands = commands_of(peers=chosen.peers)
        lists = {"start": single, **cohorts}
        taken: dict[tuple[str, str], list[tuple[float, int]]] = {}
        for _ in range(chosen.runs):
            for which, path in lists.items():
                for name, command in commands.items():
                    taken.setdefault((which, name), []).append(run(command(str(path))))
        middle = {key: statistics.median(one for one, _ in runs) for key, runs in taken.items()}
        print(f"{chosen.rows} rows, {chosen.runs} runs in turn, medians of processor time")
        print(f"{'':<36}{'us/row':>9}{'rows/s':>10}{'ratio':>8}{'peak MB':>9}")
        for which in cohorts:
            floor = middle[which, "floor"] - middle["start", "floor"]
            for name in commands:
                seconds = middle[which, name] - middle["start", name]
                peak = max(memory for _, memory in taken[which, name])
                each = seconds / chosen.rows
                print(f"{which + ', ' + name:<36}{each * 1e6:>9.1f}{1 / each:>10.0f}"
                      f"{seconds / floor:>8.1f}{peak:>9}")  # fmt: skip
        if chosen.loop:
            loop = [run([RUXCALC, "assess", "--bsa", "8", "--week", "52", "--repig", "20",
                         "--json"])[0] for _ in range(chosen.loop)]  # fmt: skip
            each = sum(loop) / chosen.loop
            print(f"{'shell loop over single calls':<36}{each * 1e6:>9.0f}{1 / each:>10.0f}")


if __name__ == "__main__":
    main()
