"""Mutation testing: change the code in one place and see whether a test notices.

    pip install -e '.[dev,mutation]'
    python tools/mutate.py                           every mutant, about an hour on two cores
    python tools/mutate.py --sample 300 --seed 7     a sample, the same for the same seed
    python tools/mutate.py 'src/ruxcalc/labels/*.py' these files only

The mutants come from cosmic-ray and from tools/mutation_operators.py. They are made and tested
in scratch copies, never in this tree. Each survivor is printed with its file, line and change;
the status is 1 if one of them is not explained in tests/mutation/explained.toml.
See docs/mutation.md.
"""

import argparse
import ast
import contextlib
import difflib
import fnmatch
import itertools
import json
import os
import pickle
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import tomllib
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path("src/ruxcalc")
EXPLAINED = Path("tests/mutation/explained.toml")
SCOPE = ("rules/*.py", "labels/*.py", "figures.py", "trials.py", "numbers.py", "cli/main.py")

# Of the operators of cosmic-ray, those that tell most at the least cost: each comparison with its
# boundary moved and turned round, each sum and product with its opposite. Bits are nowhere meant.
USED = re.compile(
    r"AddNot|AndWithOr|OrWithAnd|True|False|Number|ExceptionReplacer|ZeroIteration|Break|Continue|Decorator"
    r"|UnaryOperator_(USub_UAdd|Delete_)|Comparison.*_(Lt_LtE|Lt_GtE|LtE_Lt|LtE_Gt|Gt_GtE|Gt_LtE"
    r"|GtE_Gt|GtE_Lt|Eq_NotEq|NotEq_Eq|Is_IsNot|IsNot_Is)$"
    r"|Binary.*_(Add_Sub|Sub_Add|Mul_Div|Div_Mul|FloorDiv_Div|Mod_Mul|Pow_Mul)$"
)
# Of the command line it is the exit statuses that are tested here, not how its messages read.
NO_TEXT = ("cli/main.py",)
TEXT = ("value", "word", "clause", "figure", "argument", "row")
# These compare with text that the program wrote itself, look at the house or at what is packed
# and not at answers, or take longer than a mutant is worth.
NO_KILLERS = ("test_readme", "test_schema", "test_house", "test_mutation", "test_wheel",
              "test_pins", "test_safety", "test_completion", "test_help", "test_fuzz")  # fmt: skip
FIRST = ("test_double_entry", "test_labels", "test_cases", "test_explain", "test_numbers")
LAST = ("test_properties",)
# Of the tests of real processes, those that hold the exit statuses of the command line.
PROCESSES = {
    "test_process": (
        "test_exit_status", "test_quiet_leaves_the_status_to_answer", "test_one_value",
        "test_a_path_that_does_not_exist_names_those_that_do",
        "test_a_note_on_standard_error_leaves_the_answer_alone",
        "test_a_bad_environment_is_named", "test_the_environment_sets_region_and_format",
        "test_an_option_goes_before_the_environment",
        "test_an_interrupt_is_130_without_a_traceback",
        "test_what_is_the_same_everywhere_is_asked_of_every_region",
        "test_a_shell_that_asks_for_completion_gets_it",
    ),
    "test_batch": (
        "test_the_status_of_a_list", "test_files_that_cannot_be_read",
        "test_a_format_of_lists_in_the_environment", "test_explain_adds_the_working_to_each_row",
        "test_a_closed_pipe_keeps_no_rejects_and_says_no_total",
    ),
}  # fmt: skip
# A browser for each mutant, and how an argument list is read: neither looks at the files in scope.
NOT_THESE = "not browser and not argument_list"
TIMEOUT = 120
MEMORY = 4 << 30
BROKEN, OTHER_COPY = 70, 71  # statuses of a test run that ended before or beside pytest


class Mutant(NamedTuple):
    """One change: the file, the line, what stood there and what stands there now."""

    file: str
    operator: str
    line: int
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        head = f"{self.file}:{self.line}  [{self.operator}]"
        return f"{head}\n  - {self.before}\n  + {self.after or '(the line is gone)'}"


class Place(NamedTuple):
    """Where a mutant can be made: the operator, and how often it fits before this place."""

    file: str
    operator: str
    occurrence: int


class Outcome(NamedTuple):
    """What the tests made of a mutant; `killer` is the first test that failed."""

    mutant: Mutant
    killed: bool
    killer: str


# Making mutants


def files_in_scope(patterns: list[str]) -> list[str]:
    """The files to mutate, new ones included; `patterns` restrict them."""
    found = sorted(
        str(path.relative_to(ROOT)) for glob in SCOPE for path in (ROOT / PACKAGE).glob(glob)
    )
    if not patterns:
        return found
    return [file for file in found if any(fnmatch.fnmatch(file, one) for one in patterns)]


def operators_for(path: Path) -> Iterator[tuple[str, Any]]:
    """Each operator by name: those of cosmic-ray that make sense here, then our own."""
    from cosmic_ray.plugins import get_operator, operator_names
    from mutation_operators import Operators

    for name in operator_names():
        if USED.search(name.removeprefix("core/Replace")):
            yield name.removeprefix("core/"), get_operator(name)()
    yield "own", Operators(path, ROOT / PACKAGE)


class Mutable:
    """A file that is to be mutated, and every operator that may change it."""

    def __init__(self, file: str) -> None:
        from cosmic_ray.ast import get_ast

        self.file = file
        self.source = (ROOT / file).read_text("utf-8")
        self.tree = get_ast(self.source)
        # An operator may change the tree it walks; a copy costs less than parsing again.
        self.kept = pickle.dumps(self.tree)
        self.operators = dict(operators_for(ROOT / file))
        self.seen = {meaning(self.source)}

    def places(self) -> list[Place]:
        """Each place at which an operator can change the file."""
        return [
            Place(self.file, name, occurrence)
            for name, operator in self.operators.items()
            for occurrence in range(places(self.tree, operator))
        ]

    def mutant(self, place: Place) -> Mutant | None:
        """The mutant, or None where it is no program, or none that was not there before."""
        from cosmic_ray.mutating import MutationVisitor

        operator = self.operators[place.operator]
        tree = pickle.loads(self.kept)  # noqa: S301 - made above
        mutated = MutationVisitor(place.occurrence, operator).walk(tree).get_code()
        try:
            means = meaning(mutated)
        except (SyntaxError, ValueError):
            return None
        line, before, after = first_change(self.source, mutated)
        kind = operator.kind if place.operator == "own" else place.operator
        if means in self.seen or (kind in TEXT and self.file.endswith(NO_TEXT)):
            return None
        if "Binary" in kind and after == before.replace("*,", "/,"):
            return None  # the star that ends the positional parameters is no product
        self.seen.add(means)
        return Mutant(self.file, kind, line, before, after, mutated)


def mutants_of(file: str) -> list[Mutant]:
    """Every mutant of a file, from its first line to its last."""
    mutable = Mutable(file)
    found = [mutant for place in mutable.places() if (mutant := mutable.mutant(place))]
    return sorted(found, key=lambda mutant: (mutant.line, mutant.operator, mutant.after))


def sample_of(files: list[str], count: int, seed: int) -> list[Mutant]:
    """As many mutants of all files together, taken at random."""
    mutables = {file: Mutable(file) for file in files}
    every = [place for mutable in mutables.values() for place in mutable.places()]
    random.Random(seed).shuffle(every)  # noqa: S311 - a sample, no secret
    made = (mutables[place.file].mutant(place) for place in every)
    return sorted(itertools.islice((mutant for mutant in made if mutant), count))


def places(node: Any, operator: Any) -> int:
    """How many mutants the operator makes of the tree."""
    here = sum(1 for _ in operator.mutation_positions(node))
    return here + sum(places(child, operator) for child in getattr(node, "children", ()))


def meaning(source: str) -> str:
    """The program without what changes no answer: annotations, types, docstrings, caches."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = ast.parse(source)
    for node in ast.walk(program):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.test, node.body = ast.Constant(None), [ast.Pass()]
        if isinstance(node, ast.arg | ast.AnnAssign):
            node.annotation = ast.Constant(None)
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
            node.decorator_list = [one for one in node.decorator_list if not _is_cache(one)]
        elif isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "Literal":
            node.slice = ast.Constant(None)
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [one for one in body if not _is_docstring(one)]  # type: ignore[attr-defined]
    return ast.dump(program)


def _is_cache(node: ast.expr) -> bool:
    return ast.unparse(node).partition("(")[0] in ("cache", "lru_cache")


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def first_change(before: str, after: str) -> tuple[int, str, str]:
    """The first line that differs: its number, and its text before and after."""
    old, new = before.splitlines(), after.splitlines()
    for tag, i, i_end, j, j_end in difflib.SequenceMatcher(
        a=old, b=new, autojunk=False
    ).get_opcodes():
        if tag != "equal":
            then = [(at + 1, old[at].strip()) for at in range(i, i_end) if old[at].strip()]
            line, was = then[0] if then else (i + 1, "")
            return line, was, " ".join(line.strip() for line in new[j:j_end]).strip()
    raise AssertionError("a mutant that is no change")


# Testing mutants


def selections(file: str) -> tuple[list[str], list[str]]:
    """The tests in two runs: those likely to notice, then the others, as pytest takes them."""
    stems = {path.stem for path in (Copy.path / "tests").glob("test_*.py")}
    own = f"test_{Path(file).stem}"
    if "/labels/" in file or file.endswith(
        ("figures.py", "trials.py")
    ):  # data: two entries and the cases
        first, rest = ["test_double_entry"], [own, "test_labels", "test_cases", "test_explain"]
    else:
        first = [own]
        others = sorted(stems - {*FIRST, *LAST, *PROCESSES, *NO_KILLERS})
        rest = [one for one in (*FIRST, *others, *LAST) if one not in first]
    chosen, late = ([f"tests/{stem}.py" for stem in dict.fromkeys(some) if stem in stems]
                    for some in (first, rest))  # fmt: skip
    cases = Path(file).stem if (Copy.path / f"tests/cases/{Path(file).stem}.toml").exists() else ""
    if cases:  # the cases of its own command first
        chosen += ["tests/test_cases.py", "-k", f"{cases}: or test_{cases}"]
    if file.endswith("cli/main.py"):
        late += [f"tests/{stem}.py::{test}" for stem, tests in PROCESSES.items() for test in tests]
    return chosen, late


class Copy:
    """The scratch copy of one worker."""

    path = Path()


def make_copy(folder: str) -> None:
    """A scratch copy for this worker, with its bytecode ready."""
    Copy.path = Path(tempfile.mkdtemp(dir=folder))
    left_out = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "build", "dist")
    shutil.copytree(ROOT, Copy.path, dirs_exist_ok=True, ignore=left_out)


def preload() -> None:
    """Load what the tests load, but nothing of ruxcalc: each test run forks from here."""
    import hypothesis.strategies
    import jsonschema
    import pydantic
    import pytest
    import rich.console
    import rich.table
    import typer.main

    loaded = (hypothesis.strategies, jsonschema, pydantic, pytest, rich.console, rich.table,
              typer.main)  # fmt: skip
    assert loaded
    assert "ruxcalc" not in sys.modules


def in_child(work: Callable[[], int]) -> int:
    """The exit status of `work` in a process of its own; above 128 it was ended by a signal."""
    pid = os.fork()
    if pid == 0:
        status = BROKEN
        try:
            os.setsid()
            signal.alarm(TIMEOUT)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            os.chdir(Copy.path)
            os.environ["PYTHONPATH"] = str(Copy.path / "src")
            sys.path.insert(0, str(Copy.path / "src"))
            log = os.open(Copy.path / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(log, 1)
            os.dup2(log, 2)
            status = work()
        except BaseException:  # noqa: BLE001 - whatever ends it, this process must end
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code if code >= 0 else 128 - code


def run_tests(tests: list[str], *, keep_bytecode: bool = False) -> int:
    """The status of pytest on the scratch copy."""

    def work() -> int:
        import pytest

        sys.dont_write_bytecode = not keep_bytecode
        if not keep_bytecode:
            os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        options = ["-x", "--in-process", "-p", "no:cacheprovider", "--hypothesis-seed=0",
                   "--tb=line", "-q", f"--rootdir={Copy.path}",
                   "-W", "ignore::pytest.PytestAssertRewriteWarning"]  # fmt: skip
        if "-k" not in tests:
            options.extend(["-k", NOT_THESE])
        status = int(pytest.main([*options, *tests]))
        tested = str(getattr(sys.modules.get("ruxcalc"), "__file__", Copy.path))
        return status if tested.startswith(str(Copy.path)) else OTHER_COPY

    return in_child(work)


def test(mutant: Mutant) -> Outcome:
    """Whether a test notices the mutant."""
    path = Copy.path / mutant.file
    times = path.stat()
    original = path.read_text("utf-8")
    see_the_tests_pass(mutant.file)
    path.write_text(mutant.source, "utf-8")
    try:
        first, rest = selections(mutant.file)
        status = (first and run_tests(first)) or run_tests(rest)
    finally:
        path.write_text(original, "utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    if status == OTHER_COPY:
        raise RuntimeError("the tests did not run on the scratch copy")
    return Outcome(mutant, status != 0, killer(status))


def see_the_tests_pass(file: str) -> None:
    """See once in each worker that the tests of the file pass without a mutation."""
    for tests in filter(None, selections(file)):
        if tuple(tests) not in WARM:
            status = run_tests(tests, keep_bytecode=True)
            if status != 0:
                log = (Copy.path / "log.txt").read_text("utf-8")[-2000:]
                raise RuntimeError(f"the tests of {file} fail without a mutation: {status}\n{log}")
            WARM.add(tuple(tests))


WARM: set[tuple[str, ...]] = set()


def killer(status: int) -> str:
    """The first test that failed, from the log of the run."""
    if status == 0:
        return ""
    if status > 128:  # noqa: PLR2004 - a signal
        return f"ended by signal {status - 128}"
    with contextlib.suppress(OSError):
        log = (Copy.path / "log.txt").read_text("utf-8", errors="replace")
        found = re.search(r"^(?:FAILED|ERROR) (\S+)", log, re.MULTILINE)
        if found:
            return found[1]
    return f"status {status}"


# The explained survivors


class Explanation(NamedTuple):
    """A survivor that is no gap: where, what, and why; without `becomes` any change of the line."""

    file: str
    line: str
    becomes: str
    reason: str

    def fits(self, mutant: Mutant) -> bool:
        """Whether it is about this mutant."""
        here = self.file == mutant.file and self.line == mutant.before
        return here and self.becomes in ("", mutant.after)


def explanations() -> list[Explanation]:
    """The list of explained survivors."""
    if not (ROOT / EXPLAINED).exists():
        return []
    read = tomllib.loads((ROOT / EXPLAINED).read_text("utf-8"))
    return [
        Explanation(entry["file"], entry["line"], entry.get("becomes", ""), entry["reason"])
        for entry in read.get("explained", [])
    ]


# The command


def main() -> int:
    """Run the command; 0 if every survivor is explained."""
    options = read_options()
    files = files_in_scope(options.files)
    if not files:
        print("no file in scope fits", file=sys.stderr)
        return 2
    sys.path.insert(0, str(Path(__file__).parent))
    if options.sample:
        mutants = sample_of(files, options.sample, options.seed)
    else:
        with ProcessPoolExecutor(options.jobs) as pool:
            mutants = [mutant for found in pool.map(mutants_of, files) for mutant in found]
    if options.again:
        again = {
            tuple(one) for one in json.loads(Path(options.again).read_text("utf-8"))["survivors"]
        }
        mutants = [
            one for one in mutants if (one.file, one.operator, one.before, one.after) in again
        ]
    if options.list:
        print(*mutants, sep="\n")
        print(len(mutants), "mutants in", len(files), "files")
        return 0
    print(f"{len(mutants)} mutants in {len(files)} files", file=sys.stderr, flush=True)
    outcomes = list(tested(mutants, options.jobs))
    if not options.sample and not options.again:
        print_what_is_stale(outcomes)
    return report(outcomes, options.report)


def read_options() -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", help="files or patterns within the scope; all if none")
    parser.add_argument("--sample", type=int, metavar="N", help="a random sample of N mutants")
    parser.add_argument("--seed", type=int, default=0, help="of the sample; 0 if left out")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="at the same time")
    parser.add_argument("--list", action="store_true", help="list the mutants and test none")
    parser.add_argument("--report", metavar="FILE", help="write counts and survivors as JSON")
    parser.add_argument("--again", metavar="FILE", help="only the survivors of such a report")
    return parser.parse_args()


def tested(mutants: list[Mutant], jobs: int) -> Iterator[Outcome]:
    """The outcome of each mutant, as it comes."""
    preload()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="ruxcalc-mutation-") as folder:
        pool = ProcessPoolExecutor(jobs, initializer=make_copy, initargs=(folder,))
        try:
            waiting = [pool.submit(test, mutant) for mutant in mutants]
            for done, future in enumerate(as_completed(waiting), 1):
                outcome = future.result()
                if not outcome.killed:
                    print(f"survived: {outcome.mutant}", file=sys.stderr, flush=True)
                if done % 100 == 0:
                    print(f"{done} of {len(mutants)}", file=sys.stderr, flush=True)
                yield outcome
        finally:
            pool.shutdown(cancel_futures=True)


def print_what_is_stale(outcomes: list[Outcome]) -> None:
    """Say which explanations no survivor needed, so that they can be taken out."""
    survivors = [one.mutant for one in outcomes if not one.killed]
    files = {one.mutant.file for one in outcomes}
    for entry in explanations():
        if entry.file in files and not any(entry.fits(mutant) for mutant in survivors):
            print(f"no longer needed: {entry.file}: {entry.line} -> {entry.becomes or 'any'}\n")


def report(outcomes: list[Outcome], path: str | None) -> int:
    """Print the score and the survivors; 1 if one is not explained."""
    known = explanations()
    survivors = sorted(one.mutant for one in outcomes if not one.killed)
    open_ones = [one for one in survivors if not any(entry.fits(one) for entry in known)]
    by_file = Counter(one.mutant.file for one in outcomes)
    alive, gaps = Counter(one.file for one in survivors), Counter(one.file for one in open_ones)
    width = max(map(len, by_file), default=0)
    for file, count in sorted(by_file.items()):
        print(f"{file:{width}}  {count:5} mutants, {count - alive[file]:5} killed,"
              f" {alive[file] - gaps[file]:3} explained, {gaps[file]:3} open")  # fmt: skip
    for title, listed in (
        ("explained", [one for one in survivors if one not in open_ones]),
        ("NOT EXPLAINED", open_ones),
    ):
        for mutant in listed:
            print(f"\n{title}: {mutant}")
            for entry in known:
                if entry.fits(mutant):
                    print(f"  {entry.reason}")
                    break
    total, killed = len(outcomes), len(outcomes) - len(survivors)
    score = 100 * killed / total if total else 100
    print(f"\n{total} mutants: {killed} killed ({score:.1f} %), {len(survivors) - len(open_ones)}"
          f" explained survivors, {len(open_ones)} not explained.")  # fmt: skip
    if path:
        kept = [(one.file, one.operator, one.before, one.after) for one in survivors]
        killers = Counter(one.killer.partition("::")[0] for one in outcomes if one.killed)
        Path(path).write_text(json.dumps(
            {"total": total, "killed": killed, "killers": killers.most_common(),
             "survivors": kept}, indent=1), "utf-8")  # fmt: skip
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(main())
