"""Lists: the same answer as a single call, no row lost, none reordered, none half written."""

import csv
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import CLEAN, COMMAND, VERIFIED_ON, ruxcalc
from hypothesis import given, settings
from hypothesis import strategies as st

from ruxcalc import InputError, assess
from ruxcalc.batch.answering import Wanted, answer_rows
from ruxcalc.batch.rows import Lines, open_table
from ruxcalc.inputs import Input
from ruxcalc.labels import REGIONS
from ruxcalc.patient import inputs_of
from ruxcalc.render.flat import defused
from ruxcalc.render.json import render_json


def batch(
    text: str | bytes, *arguments: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command on a list from standard input, on the day of the verification."""
    return subprocess.run(
        [COMMAND, "batch", "-", "--on", VERIFIED_ON, *arguments],
        input=text.encode() if isinstance(text, str) else text,
        capture_output=True, check=False, timeout=120, env={**CLEAN, **(env or {})},
    )  # fmt: skip


def objects(out: bytes) -> list[Any]:
    return [json.loads(line, parse_float=Decimal) for line in out.splitlines()]


def last(err: bytes) -> str:
    return err.decode().splitlines()[-1]


LIST = "id,ward,bsa,week,repig\np1,A,8,52,20\np2,B,12,10,\np3,C,4,,\n"


def test_each_row_in_order_with_its_identity_and_its_unknown_columns() -> None:
    done = batch(LIST)
    rows = objects(done.stdout)
    assert [row["row"] for row in rows] == [
        {"line": 2, "id": "p1", "columns": {"ward": "A"}},
        {"line": 3, "id": "p2", "columns": {"ward": "B"}},
        {"line": 4, "id": "p3", "columns": {"ward": "C"}},
    ]
    assert done.returncode == 3
    assert last(done.stderr).startswith("3 rows: 3 answered, 0 rejected. Findings: 3 critical, ")
    assert rows[2]["check"] is None
    assert rows[0]["check"]["regions"]["eu"]["decision"] == "consider-stopping"


def values_of(declared: Input) -> st.SearchStrategy[Any]:
    if declared.kind == "number":
        low, high = max(declared.low, Decimal("0.1")), min(declared.high, Decimal(150))
        whole = st.integers(int(low) + 1, int(high)).map(str)
        return whole if declared.whole else whole | st.decimals(low, high, places=2).map(str)
    if declared.kind == "choice":
        return st.sampled_from(declared.choices)
    if declared.kind == "flag":
        return st.sampled_from(["yes", "no"])
    if declared.kind == "date":
        return st.dates().map(str)
    if declared.kind == "names":
        return st.sampled_from(["itraconazole", "azithromycin", "RITONAVIR/x", "rifampin"])
    return st.decimals(-50, 100, places=1).map(str) | st.just("face=76")


PATIENT = inputs_of("assess")
patients = st.fixed_dictionaries(
    {}, optional={name: values_of(declared) for name, declared in PATIENT.items()}
)
WANTED = Wanted(("us", "eu", "uk"), REGIONS, "ndjson", ",", explain=False, csv=True,
                today="2026-11-22")  # fmt: skip


def as_list(form: str, told: list[dict[str, str]]) -> str:
    if form == "ndjson":
        return "".join(json.dumps(patient) + "\n" for patient in told)
    text = io.StringIO()
    writer = csv.DictWriter(text, ["id", *PATIENT])
    writer.writeheader()
    writer.writerows({"id": "x", **patient} for patient in told)
    return text.getvalue()


@pytest.mark.parametrize("form", ["csv", "ndjson"])
@settings(max_examples=150, deadline=None)
@given(st.lists(patients, min_size=1, max_size=4))
def test_a_row_and_a_single_call_give_the_same_answer(
    form: str, told: list[dict[str, str]]
) -> None:
    table = open_table(Lines(as_list(form, told).splitlines(keepends=True)), None)
    answered = answer_rows(list(table.rows), WANTED._replace(csv=form == "csv"))
    answers = iter(answered.text.splitlines())
    rejects = iter(answered.rejects)
    for patient in told:
        on = {"on": "2026-11-22"} if "start" in patient and "on" not in patient else {}
        try:
            single = assess(**patient, **on)  # type: ignore[arg-type]
        except InputError as error:
            reject = next(rejects)
            assert reject.column == error.field
            assert str(error) == f"{reject.column}: {reject.reason}"
            continue
        row = json.loads(next(answers), parse_float=Decimal)
        del row["row"]
        assert row == json.loads(render_json(single), parse_float=Decimal)
    assert next(answers, None) is None
    assert next(rejects, None) is None


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from('id,bsa;8\n\r"\t7.%{}[]:\ufeffx'), max_size=60) | st.text())
def test_answers_and_rejects_are_the_rows(text: str) -> None:
    lines = io.StringIO("id,bsa\n" + text, newline="")
    table = open_table(Lines(lines), ",")
    rows = list(table.rows)
    answered = answer_rows(rows, WANTED)
    assert answered.rows == len(rows)
    assert len(answered.text.splitlines()) + len(answered.rejects) == len(rows)
    # Every line that is not blank is in a row or in a reject.
    kept = "".join(row.text for row in rows)
    for line in io.StringIO(text, newline=""):
        assert line.strip("\r\n") in kept


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_from_the_header(delimiter: str) -> None:
    done = batch(LIST.replace(",", delimiter), "-r", "eu")
    assert len(objects(done.stdout)) == 3


def test_a_delimiter_can_be_forced_and_is_that_of_the_answer() -> None:
    done = batch("id;bsa\nx,y;8\n", "--delimiter", ";", "-f", "csv")
    assert done.stdout.decode().splitlines()[1].startswith("2;x,y;;8;fingertip;")
    assert batch(LIST, "--delimiter", "|").returncode == 2


def test_bom_crlf_quotes_and_column_names_as_people_write_them() -> None:
    done = batch('\ufeffID,"B S A",Bsa,Mi or Stroke\r\n"p ""1""","a\nb",8,yes\r\n')
    (row,) = objects(done.stdout)
    assert row["row"] == {"line": 2, "id": 'p "1"', "columns": {"B S A": "a\nb"}}
    assert row["inputs"] == {"bsa": 8, "mi_or_stroke": True}


def test_several_values_in_a_cell() -> None:
    done = batch("week,repig,drugs,topical\n52,face=76;body=23,itraconazole;verapamil,none\n")
    (row,) = objects(done.stdout)
    assert row["inputs"] == {"week": 52, "repig": {"face": 76, "body": 23},
                             "drug": ["itraconazole", "verapamil"], "topical": []}  # fmt: skip


def test_ndjson_has_types() -> None:
    done = batch(
        '{"id": 7, "bsa": 8.50, "week": "52", "repig": {"face": 76, "body": 23}, "pregnant": false,'
        ' "drug": ["itraconazole"], "smoker": null, "seen": [1.50, {"by": "x"}]}\n\n{"bsa": 8}\n'
    )
    first, second = objects(done.stdout)
    assert first["row"] == {"line": 1, "id": 7,
                            "columns": {"seen": [Decimal("1.50"), {"by": "x"}]}}  # fmt: skip
    assert first["inputs"]["bsa"] == Decimal("8.5")
    assert first["inputs"]["pregnant"] is False
    assert second["row"]["line"] == 3


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ('{"bsa": NaN}', "", "NaN is not a number"),
        ('{"bsa": true}', "bsa", "is a yes or no, not a number"),
        ('{"bsa": 8, "bsa": 9}', "", "'bsa' stands twice"),
        ('{"bsa": 1e1}', "bsa", "'1e1' is not a plain number"),
        ('{"bsa": [8, 9]}', "bsa", "is not a number"),
        ('{"bsa": {"x": 8}}', "bsa", "is not a number"),
        ('{"drug": 5}', "drug", "is not a name"),
        ('{"drug": "a", "drugs": "b"}', "drugs", "given under two names"),
        ('{"pregnant": 1}', "pregnant", "neither yes nor no"),
        ('{"region": "fr", "bsa": 8}', "region", "'fr' is not a region"),
        ("[8]", "", "is not a JSON object"),
        ('{"bsa": 8', "", "cannot be read as JSON"),
        ("[" * 100_000, "", "cannot be read as JSON"),
    ],
)
def test_ndjson_that_is_rejected(line: str, column: str, reason: str) -> None:
    done = batch('{"bsa": 8}\n' + line + '\n{"bsa": 9}\n')
    assert done.returncode == 4
    assert len(objects(done.stdout)) == 2
    message = done.stderr.decode().splitlines()[0]
    assert message.startswith(f"standard input:2: {column}")
    assert reason in message


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("p,7,5", "has 3 cells where the header has 2"),
        ("p", "has 1 cells where the header has 2"),
        ('p,"7,5"', "bsa: '7,5' has a comma: 7.5? Accepted: a number above 0"),
        ('p,"8', "cannot be read as CSV"),
        ('p,"8"x', "cannot be read as CSV"),
        ("p,nan", "bsa: 'nan' is not a plain number"),
        ("p,\udcff8", "has bytes that are not UTF-8"),
        ("p," + "8" * 10_000_000, "cannot be read as CSV: field larger than field limit"),
    ],
    ids=["too many", "too few", "comma", "open quote", "bad quote", "nan", "bytes", "10 MB"],
)  # fmt: skip
def test_a_bad_csv_row_costs_no_other_row(row: str, reason: str) -> None:
    text = f"id,bsa\nfirst,8\n{row}\nlast,9\n".encode("utf-8", "surrogateescape")
    done = batch(text)
    assert done.returncode == 4
    assert [answer["row"]["id"] for answer in objects(done.stdout)] == ["first", "last"]
    message, total = done.stderr.decode().splitlines()
    assert message.startswith("standard input:3: ")
    assert reason in message
    assert len(message) < 700
    assert total.startswith("3 rows: 2 answered, 1 rejected.")


def test_rejects_keep_the_whole_row_with_its_reason(tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    text = b'id,bsa\na,8\nb,"7,5"\nc,\xff\nd,"9\ne,9\n'
    done = batch(text, "--rejects", str(rejects))
    assert done.returncode == 4
    assert done.stderr.count(b"\n") == 1
    with rejects.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        kept = list(csv.DictReader(file))
    assert [(row["line"], row["column"], row["row"]) for row in kept] == [
        ("3", "bsa", 'b,"7,5"'), ("4", "", "c,\udcff"), ("5", "", 'd,"9'),
    ]  # fmt: skip
    assert kept[0]["reason"].startswith("'7,5' has a comma: 7.5?")
    assert [row["row"]["id"] for row in objects(done.stdout)] == ["a", "e"]


def test_ndjson_rejects_are_ndjson(tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.ndjson"
    batch('{"bsa": 8}\n{"bsa": "x"}\n', "--rejects", str(rejects))
    (kept,) = objects(rejects.read_bytes())
    assert (kept["line"], kept["column"], kept["row"]) == (2, "bsa", '{"bsa": "x"}')
    assert "is not a plain number" in kept["reason"]


def test_a_region_of_its_own_goes_before_the_option() -> None:
    done = batch("id,region,bsa\na,us,8\nb,,8\nc,EU;uk,8\n", "-r", "eu")
    regions = [list(row["dose"]["regions"]) for row in objects(done.stdout)]
    assert regions == [["us"], ["eu"], ["eu", "uk"]]


def test_a_misspelt_column_is_pointed_out() -> None:
    done = batch("id,bas,week\n1,8,3\n")
    assert done.returncode == 0
    assert "column 'bas' is not known and passes through; bsa is" in done.stderr.decode()
    assert objects(done.stdout)[0]["row"]["columns"] == {"bas": "8"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "there is nothing in it"),
        (b"\n \n", "there is nothing in it"),
        (b"id,bsa\n", "there is a header and no row"),
        (b"id,bas\n1,8\n", "no column of the header is known. 'bas'? bsa."),
        (b"id,bsa,BSA\n1,8,9\n", "stands twice in the header"),
        (b"id,drug,drugs\n1,x,y\n", "stands twice in the header"),
        (b'id,"bsa\n1,8\n', "the header cannot be read"),
    ],
)
def test_where_nothing_can_be_read(text: bytes, reason: str) -> None:
    done = batch(text)
    assert (done.returncode, done.stdout) == (2, b"")
    assert reason in done.stderr.decode()


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert "No such file" in ruxcalc("batch", str(tmp_path / "none.csv")).err
    assert "Is a directory" in ruxcalc("batch", str(tmp_path)).err
    assert ruxcalc("batch").status == 2
    assert ruxcalc("batch", "a.csv", "b.csv").status == 2


def test_an_output_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    source, target = tmp_path / "list.csv", tmp_path / "answers.ndjson"
    source.write_text(LIST)
    ran = ruxcalc("batch", str(source), "-o", str(target))
    assert (ran.status, ran.out) == (3, "")
    assert len(objects(target.read_bytes())) == 3
    target.write_text("old")
    assert ruxcalc("batch", str(tmp_path / "none.csv"), "-o", str(target)).status == 2
    assert ruxcalc("batch", str(source), "-o", str(source)).status == 2
    assert ruxcalc("batch", str(source), "-o", str(tmp_path)).status == 2
    assert ruxcalc("batch", str(source), "-o", str(tmp_path / "no" / "file")).status == 2
    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.ndjson", "list.csv"]


def test_an_output_that_is_a_link_a_pipe_or_a_device_stays_what_it_is(tmp_path: Path) -> None:
    real, link, pipe = tmp_path / "real", tmp_path / "link", tmp_path / "pipe"
    real.write_text("old")
    link.symlink_to(real)
    assert batch(LIST, "-o", str(link)).returncode == 3
    assert link.is_symlink()
    assert len(objects(real.read_bytes())) == 3
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    assert batch(LIST, "-o", str(pipe)).returncode == 3
    assert len(objects(reader.communicate(timeout=30)[0])) == 3
    assert pipe.is_fifo()
    assert batch(LIST, "-o", "/dev/null").returncode == 3
    assert Path("/dev/null").is_char_device()
    source = tmp_path / "list.csv"
    source.write_text(LIST)
    (tmp_path / "alias").symlink_to(source)
    assert ruxcalc("batch", str(source), "-o", str(tmp_path / "alias")).status == 2
    assert source.read_text() == LIST


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_a_full_disk(form: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([COMMAND, "batch", "-", "-f", form], input=LIST.encode(),
                              stdout=full, stderr=subprocess.PIPE, check=False)  # fmt: skip
    assert done.returncode == 2
    assert b"could not be written: No space left" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_closed_pipe_ends_quietly() -> None:
    line = f'(echo id,bsa; yes 1,8 | head -n 20000) | "{COMMAND}" batch - --jobs 1 | head -n 1'
    done = subprocess.run(["bash", "-c", f'{line} | wc -l; echo "${{PIPESTATUS[1]}}"'],
                          capture_output=True, check=False, timeout=60)  # fmt: skip
    assert b"Traceback" not in done.stderr
    assert b"Broken" not in done.stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_leaves_no_half_file(tmp_path: Path, jobs: str) -> None:
    target = tmp_path / "answers"
    process = subprocess.Popen(
        [COMMAND, "batch", "-", "-o", str(target), "--jobs", jobs],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        # Whoever started the tests may have told their children to ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(b"id,bsa\n" + b"1,8\n" * 3000)
    process.stdin.flush()
    deadline = time.monotonic() + 30
    while not any(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.decode().splitlines()[-1] == "ruxcalc: interrupted"
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_several_processes_keep_the_order(tmp_path: Path) -> None:
    source = tmp_path / "list.csv"
    rows = [f"p{number},{number % 97 / 10 + 0.1:.1f}" for number in range(5000)]
    rows[4321] = "p4321,x"
    source.write_text("id,bsa\n" + "\n".join(rows) + "\n")
    one = ruxcalc("batch", str(source), "--jobs", "1", "-f", "csv")
    two = ruxcalc("batch", str(source), "--jobs", "2", "-f", "csv")
    assert one == two
    assert one.status == 4
    assert len(one.out.splitlines()) == 5000


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("=1+1", "'=1+1"), ("+1", "'+1"), ("-5", "-5"), ("-5.25", "-5.25"), ("-5+x", "'-5+x"),
     ("-", "'-"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "'\rx"), ("x=1", "x=1"), ("", ""),
     ("--5", "'--5"), ("-5.", "-5."), ("-\u0665", "'-\u0665")],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_would_run_is_defused(cell: str, expected: str) -> None:
    assert defused(cell) == expected


def test_the_flat_row() -> None:
    done = batch("id,=ward,bsa,week,repig,age\n=p,-5,12,52,20,11\n", "-f", "csv", "-r", "eu")
    (row,) = csv.DictReader(io.StringIO(done.stdout.decode()))
    expected = {
        "line": "2", "id": "'=p", "'=ward": "-5", "worst": "critical", "bsa_percent": "12",
        "grams_per_week": "42", "eu_within_label": "false", "eu_percent_of_cap": "93",
        "eu_tubes": "2 x 100 g", "eu_decision": "consider-stopping",
        "eu_dose_findings": "area-above-maximum;estimate-range-reaches-cap",
        "eu_warn_findings": "age-under-12", "eu_contraindicated": "false",
        "editions": "EU 2024-04-02", "facts_verified": "2026-11-22",
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert not any(name.startswith(("us_", "uk_")) for name in row)


@pytest.mark.parametrize(
    ("text", "arguments", "status"),
    [("bsa\n8\n", (), 0), ("bsa\n12\n", (), 3), ("bsa\n12\n", ("--exit-zero",), 0),
     ("bsa\n12\nx\n", (), 4), ("bsa\n12\nx\n", ("--exit-zero",), 4), ("bsa\nx\n", (), 4)],
)  # fmt: skip
def test_the_status_of_a_list(text: str, arguments: tuple[str, ...], status: int) -> None:
    assert batch(text, *arguments).returncode == status
    quiet = batch(text, *arguments, "-q")
    assert (quiet.returncode, quiet.stdout) == (status, b"")


def test_explain_adds_the_working_to_each_row() -> None:
    (row,) = objects(batch("bsa\n8\n", "--explain").stdout)
    assert row["dose"]["steps"][0]["result"] == "8"


def test_a_visit_without_a_date_is_of_today() -> None:
    done = subprocess.run([COMMAND, "batch", "-"], input=b"start,repig\n2020-01-01,30\n",
                          capture_output=True, check=False)  # fmt: skip
    (row,) = objects(done.stdout)
    assert row["inputs"]["on"] == time.strftime("%Y-%m-%d")


def peak_megabytes(path: Path) -> int:
    process = subprocess.Popen([COMMAND, "batch", str(path), "--jobs", "1"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    _, process.returncode, usage = os.wait4(process.pid, 0)
    return usage.ru_maxrss // (1024 if sys.platform == "linux" else 1024**2)


def test_memory_does_not_grow_with_the_list(tmp_path: Path) -> None:
    small, large = tmp_path / "small.csv", tmp_path / "large.csv"
    for path, rows in ((small, 5_000), (large, 40_000)):
        with path.open("w") as file:
            file.write("id,bsa,week\n")
            file.writelines(f"p{n},{n % 900 / 90 + 0.01:.4f},{n % 80}\n" for n in range(rows))
    assert peak_megabytes(large) - peak_megabytes(small) < 30


def test_a_progress_bar_where_somebody_looks(tmp_path: Path) -> None:
    source = tmp_path / "list.csv"
    source.write_text("bsa\n" + "8\n" * 3000 + "x\n")
    terminal, end = pty.openpty()
    subprocess.run([COMMAND, "batch", str(source), "--jobs", "1"], stderr=end,
                   stdout=subprocess.DEVNULL, check=False,
                   env={**CLEAN, "TERM": "xterm"})  # fmt: skip
    os.close(end)
    seen = b""
    while True:
        try:
            some = os.read(terminal, 65536)
        except OSError:
            break
        if not some:
            break
        seen += some
    os.close(terminal)
    assert b"rows/s" in seen
    assert b"1 rejected" in seen


def flat(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, str]]:
    rows = list(csv.reader(io.StringIO(done.stdout.decode(), newline="")))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(set(rows[0])) == len(rows[0])
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_json_rows_with_fields_of_their_own_make_an_even_table() -> None:
    done = batch('{"id":"a","bsa":8,"site":"X"}\n{"bsa":9}\n{"bsa":9,"y":[1],"ward":2}\n',
                 "-f", "csv")  # fmt: skip
    assert [row["columns"] for row in flat(done)] == ['{"site":"X"}', "", '{"y":[1],"ward":2}']


@pytest.mark.parametrize("name", ["a\n=1+1", "a\rb", "a\r\nb", 'a"b', "a,b", "a;b", "=1", "\rx"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_whatever_is_in_a_cell_the_table_stays_even(name: str, delimiter: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([["id", "ward", "bsa"], [name, name, "8"]])
    (row,) = flat_of(batch(text.getvalue(), "-f", "csv", "--delimiter", delimiter), delimiter)
    assert row["id"] == row["ward"] == defused(name)


def flat_of(done: subprocess.CompletedProcess[bytes], delimiter: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(done.stdout.decode(), newline=""), delimiter=delimiter))


def test_columns_of_our_own_names_are_told_apart() -> None:
    (row,) = flat(batch("id,bsa,line,worst,notes\na,8,x,y,z\n", "-f", "csv"))
    assert (row["input_line"], row["input_worst"], row["input_notes"]) == ("x", "y", "z")
    assert row["line"] == "2"


def test_a_misspelt_json_field_is_pointed_out_and_a_row_of_them_is_rejected() -> None:
    done = batch('{"id":1,"bas":8,"pregnent":true}\n{"bsa":8,"repg":20}\n')
    assert done.returncode == 4
    rejected, note, _ = done.stderr.decode().splitlines()
    assert "has no field that is known. 'bas'? bsa. 'pregnent'? pregnant." in rejected
    assert note.endswith("column 'repg' is not known and passes through; repig is")


@pytest.mark.parametrize(
    ("column", "meant"),
    [("bas", "bsa"), ("bsa_percent", "bsa"), ("BSA (%)", "bsa"), ("age_years", "age"),
     ("repigmentation", "repig"), ("pregnent", "pregnant"), ("weeks", "week"), ("line", None),
     ("ward", None), ("name", None)],
)  # fmt: skip
def test_columns_that_look_like_known_ones(column: str, meant: str | None) -> None:
    err = batch(f"id,hepatic,{column}\na,no,1\n").stderr.decode()
    assert (f"; {meant} is" in err) is (meant is not None)
    assert ("not known" in err) is (meant is not None)


def test_none_means_none_at_every_door() -> None:
    single = json.loads(ruxcalc("assess", "--drug", "None", "--json").out)
    rows = objects(batch('{"drug": "none"}\n{"drug": []}\n').stdout)
    rows += objects(batch("drug\n none\n").stdout)
    assert {json.dumps(row["inputs"]) for row in (single, *rows)} == {'{"drug": []}'}


@pytest.mark.parametrize("field", ['"bsa":[8]', '"pregnant":[true]', '"age":["34"]', '"repig":{}',
                                   '"repig":[]', '"bsa":[]', '"drug":{}'])  # fmt: skip
def test_json_of_another_shape_is_rejected(field: str) -> None:
    done = batch('{"week":3,' + field + '}\n{"bsa":8}\n')
    assert done.returncode == 4
    assert len(objects(done.stdout)) == 1


def test_deep_json_costs_one_row() -> None:
    deep = '{"bsa":8,"x":' + "[" * 400 + "]" * 400 + "}"
    done = batch(f'{{"bsa":8}}\n{deep}\n{{"bsa":9}}\n')
    assert (done.returncode, len(objects(done.stdout))) == (4, 2)


def test_the_delimiter_is_not_counted_in_names() -> None:
    done = batch('id;"name, first, last, x";bsa\na;b;8\n')
    assert objects(done.stdout)[0]["inputs"] == {"bsa": 8}


def test_empty_columns_of_a_spreadsheet_pass_through() -> None:
    assert objects(batch("id,bsa,,\na,8,,\n").stdout)[0]["row"]["columns"] == {
        "column 3": "", "column 4": "",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["id,bsa\n".encode("utf-16"), b"gr\xf6\xdfe,bsa\n1,8\n"])
def test_a_header_that_is_not_utf_8(text: bytes) -> None:
    done = batch(text)
    assert done.returncode == 2
    assert b"is not UTF-8 text" in done.stderr


def test_no_escape_code_reaches_the_terminal() -> None:
    done = batch("id,bsa,\033[31mx,\033[31mx\n1,8,,\n")
    assert done.returncode == 2
    assert b"\x1b" not in done.stderr


def test_the_list_itself_is_never_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(LIST)
    (tmp_path / "sub").mkdir()
    for other in ("in.csv", "sub/../in.csv"):
        for option in ("-o", "--rejects"):
            ran = ruxcalc("batch", str(source), option, str(tmp_path / other))
            assert ran.status == 2
    with source.open("rb") as file:
        done = subprocess.run([COMMAND, "batch", "-", "-o", str(source)], stdin=file, check=False,
                              capture_output=True)  # fmt: skip
    assert done.returncode == 2
    out, again = str(tmp_path / "out"), f"{tmp_path}/sub/../out"
    assert ruxcalc("batch", str(source), "-o", out, "--rejects", again).status == 2
    assert source.read_text() == LIST


def test_an_answer_is_no_more_readable_than_the_one_it_replaces(tmp_path: Path) -> None:
    target = tmp_path / "answers"
    target.touch(mode=0o600)
    assert batch(LIST, "-o", str(target)).returncode == 3
    assert target.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_request_to_end_leaves_no_half_file(tmp_path: Path, jobs: str) -> None:
    target = tmp_path / "answers"
    process = subprocess.Popen(
        [COMMAND, "batch", "-", "-o", str(target), "--jobs", jobs],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(b"id,bsa\n" + b"1,8\n" * 3000)
    process.stdin.flush()
    deadline = time.monotonic() + 30
    while not any(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.terminate()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_a_closed_pipe_keeps_no_rejects_and_says_no_total(tmp_path: Path) -> None:
    rejects = tmp_path / "rejects"
    line = f'(echo id,bsa; yes $\'1,8\\n1,x\' | head -n 9000) | "{COMMAND}" batch - --rejects'
    done = subprocess.run(["bash", "-c", f"{line} {rejects} | head -n 1 > /dev/null"],
                          capture_output=True, check=False, timeout=60)  # fmt: skip
    assert done.stderr == b""
    assert not rejects.exists()


def test_a_format_of_lists_in_the_environment() -> None:
    assert batch(LIST, env={"RUXCALC_FORMAT": "csv"}).stdout.startswith(b"line,id,")
    assert batch(LIST, env={"RUXCALC_FORMAT": "note"}).stdout.startswith(b"{")
    assert batch(LIST, "-f", "csv", "--explain").returncode == 2
