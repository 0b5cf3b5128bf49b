"""Lists: the same answer as a single call, no row lost, none reordered, each on its own."""

import csv
import io
import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from conftest import CLEAN, COMMAND, VERIFIED_ON, ruxcalc
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ruxcalc import InputError, assess
from ruxcalc.batch.batch import BatchOptions
from ruxcalc.batch.lines import LONGEST_LINE, Source
from ruxcalc.batch.progress import OFTEN
from ruxcalc.batch.reader import Reject, open_table
from ruxcalc.batch.rows import FlatRows, FullRows
from ruxcalc.inputs import Input
from ruxcalc.labels import REGIONS
from ruxcalc.patient import inputs_of
from ruxcalc.render.flat import FIELDS, defused, own_names, passed_names
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


def flat(out: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    header, *rows = csv.reader(io.StringIO(out.decode(), newline=""), delimiter=delimiter)
    assert {len(row) for row in rows} == {len(header)}
    assert len(set(header)) == len(header), "two columns share a name"
    return [dict(zip(header, row, strict=True)) for row in rows]


def last(err: bytes) -> str:
    return err.decode().splitlines()[-1]


LIST = "id,ward,bsa,week,repig\np1,A,8,52,20\np2,B,12,10,\np3,C,4,,\n"


# ---- The flat row ----


def test_each_row_in_order_with_its_identity_and_its_unknown_columns() -> None:
    done = batch(LIST)
    rows = objects(done.stdout)
    assert [(row["line"], row["id"], row["ward"]) for row in rows] == [
        (2, "p1", "A"), (3, "p2", "B"), (4, "p3", "C"),
    ]  # fmt: skip
    assert done.returncode == 3
    assert rows[2]["week"] is None
    # Facts: at week 52 under 25 % the EU label asks to consider stopping; 12 % is over 10 %.
    assert rows[0]["eu_decision"] == rows[0]["eu_verdict"] == "consider-stopping"
    assert rows[1]["verdict"] == rows[1]["us_verdict"] == "over-label"


def test_both_forms_have_the_documented_fields_with_the_same_values() -> None:
    text = ("id,ward,bsa,week,repig,age,pregnant,drug\n"
            "a,x,8.5,52,20,11,yes,azithromycin;rifampicin\n"
            "b,y,,,,,,\nc,,0.5,24,,,no,none\n")  # fmt: skip
    rows, cells = objects(batch(text).stdout), flat(batch(text, "-f", "csv").stdout)
    names = [*own_names(REGIONS)[:2], "ward", *own_names(REGIONS)[2:]]
    sentences = {field.name for field in FIELDS if field.kind == "sentences"}
    for row, cell in zip(rows, cells, strict=True):
        assert list(row) == list(cell) == names
        for name, value in row.items():
            if isinstance(value, list):
                assert cell[name] == (" " if name in sentences else ";").join(value)
            elif isinstance(value, bool) or value is None:
                assert cell[name] == {True: "true", False: "false", None: ""}[value]
            else:
                assert cell[name] == str(value)
    assert rows[0]["verdict"] == rows[0]["eu_verdict"] == "contraindicated"
    assert rows[0]["eu_contraindicated"] is True
    assert rows[0]["us_contraindicated"] is False
    assert rows[0]["bsa_percent"] == Decimal("8.5")
    assert rows[0]["grams_per_week"] == Decimal("29.75")  # 8.5 % / 2 x 0.5 g x 2 x 7
    assert "pregnancy" in rows[0]["eu_findings"]
    assert rows[1]["not_answered"] == []
    assert rows[1]["verdict"] == "not-cleared"


def test_what_is_documented_has_a_meaning() -> None:
    assert all(field.meaning.endswith(".") for field in FIELDS)
    assert len({(field.name, field.by_region) for field in FIELDS}) == len(FIELDS)


def test_a_part_that_cannot_be_answered_says_why_and_takes_no_other_part_away() -> None:
    done = batch("id,bsa,height,week,repig\na,8,170,52,20\n")
    (row,) = objects(done.stdout)
    assert row["bsa_percent"] is None
    assert row["eu_decision"] == "consider-stopping"
    (reason,) = row["not_answered"]
    assert "weight" in reason
    assert "height" in reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bsa\n8\n", "1 row: 1 answered, 0 rejected. Findings: 0 critical, 0 warnings,"),
        ("bsa\n8\nx\n", "2 rows: 1 answered, 1 rejected."),
        ("bsa,week,repig\n8,52,20\n", "1 row: 1 answered, 0 rejected. Findings: 0 critical,"),
        ("bsa\n0.08\n", " Notes: 1."),
    ],
)
def test_the_last_line_counts(text: str, expected: str) -> None:
    assert expected in last(batch(text, "-r", "eu").stderr)


def test_one_of_a_thing_is_not_many() -> None:
    err = last(batch("week,repig,measure\n52,20,treated-area\n", "-r", "eu").stderr)
    found = "Findings: 0 critical, 1 warning, 0 info. Notes: 0."
    assert err == f"1 row: 1 answered, 0 rejected. {found}"


@pytest.mark.parametrize(
    ("text", "arguments", "status"),
    [("bsa\n8\n", (), 0), ("bsa\n12\n", (), 3), ("bsa\n12\n", ("--exit-zero",), 0),
     ("bsa\n12\nx\n", (), 4), ("bsa\n12\nx\n", ("--exit-zero",), 4), ("bsa\nx\n", (), 4)],
)  # fmt: skip
def test_the_status_of_a_list(text: str, arguments: tuple[str, ...], status: int) -> None:
    assert batch(text, *arguments).returncode == status
    quiet = batch(text, *arguments, "-q")
    assert (quiet.returncode, quiet.stdout) == (status, b"")


# ---- The same answer as a single call ----


def values_of(declared: Input) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - a line a kind
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
    if declared.kind == "dispensed":
        return st.sampled_from(["3x100", "2x60", "1x100,1x60"])
    if declared.kind == "handprints":
        return st.sampled_from(["8", "face=1,trunk=3", "0.2"])
    return st.decimals(-50, 100, places=1).map(str) | st.just("face=76")


PATIENT = inputs_of("assess")
patients = st.fixed_dictionaries(
    {}, optional={name: values_of(declared) for name, declared in PATIENT.items()}
)
DAY = date.fromisoformat(VERIFIED_ON)
OPTIONS = BatchOptions("-", REGIONS, DAY)


def as_list(form: str, typed: Sequence[dict[str, str]]) -> str:
    if form == "ndjson":
        return "".join(json.dumps(patient) + "\n" for patient in typed)
    text = io.StringIO()
    writer = csv.DictWriter(text, ["id", *PATIENT])
    writer.writeheader()
    writer.writerows({"id": "x", **patient} for patient in typed)
    return text.getvalue()


def source_of(data: bytes) -> Source:
    return Source("list", None, io.BytesIO(data).read)


def answers_to(text: str, options: BatchOptions) -> list[Any]:
    """Answer each row in this process: a JSON object, or the reject."""
    table = open_table(source_of(text.encode()), None)
    rows = FullRows(options, table) if options.full else FlatRows(options, table)
    answers: list[Any] = []
    for row in table.rows:
        assert not isinstance(row, Reject)
        try:
            answers.append(json.loads(rows.answer(row).text, parse_float=Decimal))
        except InputError as error:
            answers.append(rows.refusal(row, error))
    return answers


@pytest.mark.parametrize("form", ["csv", "ndjson"])
@settings(max_examples=60, deadline=None)
@given(st.lists(patients, min_size=1, max_size=4))
def test_a_row_and_a_single_call_give_the_same_answer(
    form: str, typed: list[dict[str, str]]
) -> None:
    text = as_list(form, typed)
    full = answers_to(text, OPTIONS._replace(full=True))
    rows = answers_to(text, OPTIONS)
    for patient, whole, row in zip(typed, full, rows, strict=True):
        dated = {"start", "restart"} & patient.keys() and "on" not in patient
        try:
            single = assess(**patient, **({"on": VERIFIED_ON} if dated else {}))  # type: ignore[arg-type]  # any input
        except InputError as error:
            assert str(error) == str(whole) == str(row)
            continue
        del whole["row"]
        expected = json.loads(render_json(single), parse_float=Decimal)
        assert whole == expected
        assert row["verdict"] == expected["verdict"]
        assert row["worst"] == expected["worst"]
        assert row["notes"] == expected["notes"]
        assert row["not_answered"] == [found["message"] for found in expected["findings"]]
        for region, part in expected["regions"].items():
            assert row[f"{region}_verdict"] == part["verdict"]
            assert row[f"{region}_contraindicated"] == part["contraindicated"]
            assert row[f"{region}_findings"] == [found["code"] for found in part["findings"]]
            safety = expected["warn"]["regions"][region]
            for name in ("not_checked", "silent", "not_read"):
                assert row[f"{region}_{name}"] == safety[name]
            if expected["dose"]:
                dose = expected["dose"]["regions"][region]
                assert row[f"{region}_within_label"] == dose["within_label"]
            if expected["check"]:
                review = expected["check"]["regions"][region]
                assert row[f"{region}_decision"] == review["decision"]
        if expected["dose"]:
            for name in ("grams_per_application", "grams_per_week"):
                assert row[name] == expected["dose"]["use"][name]


def decimals(low: str, high: str, places: int) -> st.SearchStrategy[str]:
    return st.decimals(low, high, places=places).map(lambda number: f"{number:f}")


@settings(max_examples=100, deadline=None)
@given(
    decimals("0.1", "12", 2) | decimals("9.9", "10.1", 30),
    st.none() | st.tuples(decimals("60", "200", 3), decimals("10", "120", 3)),
)
@example("8", ("170", "71"))
@example("10.0000000000000000000000000001", None)
def test_each_digit_of_a_dose_is_that_of_a_single_call(
    bsa: str, size: tuple[str, str] | None
) -> None:
    patient = {"bsa": bsa}
    if size is not None:
        patient |= {"height": size[0], "weight": size[1]}
    (row,) = answers_to(as_list("csv", [patient]), OPTIONS)
    expected = json.loads(render_json(assess(**patient)), parse_float=Decimal)["dose"]  # type: ignore[arg-type]  # any input
    assert row["bsa_percent"] == expected["bsa_percent"]
    for name in ("grams_per_application", "fingertip_units_per_application", "grams_per_week"):
        assert row[name] == expected["use"][name]
    for region, part in expected["regions"].items():
        tubes = [f"{one['tubes']} x {one['tube_grams']} g" for one in part["supply"]
                 if one["within_cap"]]  # fmt: skip
        assert row[f"{region}_tubes"] == (" or ".join(tubes) or None)


@settings(max_examples=60, deadline=None)
@given(st.lists(patients, min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_a_row_never_depends_on_the_rows_before_it(
    typed: list[dict[str, str]], chance: Any
) -> None:
    alone = {}
    for place, patient in enumerate(typed):
        (answer,) = answers_to(as_list("ndjson", [patient]), OPTIONS)
        alone[place] = answer
    order = list(range(len(typed))) * 2
    chance.shuffle(order)
    together = answers_to(as_list("ndjson", [typed[place] for place in order]), OPTIONS)
    for place, answer in zip(order, together, strict=True):
        if isinstance(answer, InputError):
            assert str(answer) == str(alone[place])
        else:
            assert {**answer, "line": 1} == alone[place]


ALIKE = ['{"drug":[]}', '{"drug":{}}', '{"drug":[]}', '{"drug":""}', '{"drug":false}', '{"drug":0}',
         '{"drug":[false]}', '{"pregnant":true}', '{"pregnant":1}', '{"pregnant":"true"}',
         '{"pregnant":[true]}', '{"bsa":1}', '{"bsa":true}', '{"bsa":"1"}', '{"bsa":1.0}',
         '{"bsa":[1]}', '{"repig":[["face",1]],"week":3}', '{"repig":{"face":1},"week":3}',
         '{"repig":[{"face":1}],"week":3}', '{"region":["us"]}', '{"region":{"us":1}}',
         '{"region":"us"}']  # fmt: skip


def test_values_that_python_takes_for_equal_are_kept_apart() -> None:
    alone = [batch(line + "\n").returncode for line in ALIKE]
    for lines in (ALIKE, ALIKE[::-1]):
        done = batch("".join(line + "\n" for line in lines))
        rejected = {int(line.split(":")[1]) for line in done.stderr.decode().splitlines()[:-1]}
        together = [4 if number in rejected else 0 for number in range(1, len(lines) + 1)]
        expected = alone if lines is ALIKE else alone[::-1]
        assert [status == 4 for status in together] == [status == 4 for status in expected]
    assert alone[:2] == [0, 4]


def test_two_errors_are_named_in_the_order_of_the_command_line() -> None:
    pairs = {"bsa": "x", "on": "y", "start": "z", "age": "w", "week": "v", "repig": "u",
             "region": "t", "drug": "\x07"}  # fmt: skip
    twos = list(combinations(pairs, 2))
    rows = "".join(json.dumps({name: pairs[name] for name in reversed(two)}) + "\n" for two in twos)
    *messages, _ = batch(rows).stderr.decode().splitlines()
    for two, message in zip(twos, messages, strict=True):
        single = ruxcalc("assess", *[word for name in two for word in (f"--{name}", pairs[name])])
        field = message.split(": ")[1]
        assert single.err.startswith(f"ruxcalc: --{field}: "), (two, message)


def test_the_whole_answer_of_each_row_with_its_working() -> None:
    (row,) = objects(batch("id,ward,bsa\na,x,8\n", "--full", "--explain").stdout)
    assert row["row"] == {"line": 2, "id": "a", "columns": {"ward": "x"}}
    assert row["dose"]["steps"][0]["result"]
    assert row["schema"] == "ruxcalc.assess/1"
    for wrong in (("--full", "-f", "csv"), ("--full", "-f", "table"), ("--explain",)):
        assert batch("bsa\n8\n", *wrong).returncode == 2


def test_all_others_no() -> None:
    text = "id,pregnant\na,yes\nb,\n"
    rows = objects(batch(text, "--all-others-no", "-r", "eu").stdout)
    plain = objects(batch(text, "-r", "eu").stdout)
    assert "breast-feeding" in plain[1]["eu_not_checked"]
    assert "breast-feeding" not in rows[1]["eu_not_checked"]
    assert rows[0]["eu_verdict"] == "contraindicated"


# ---- Reading ----


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from('id,bsa;8\n\r"\t7.%{}[]:\ufeffx'), max_size=60) | st.text())
def test_answers_and_rejects_are_the_rows(text: str) -> None:
    data = ("id,bsa\n" + text).encode("utf-8", "surrogateescape" if text.isascii() else "replace")
    text = data.decode().removeprefix("id,bsa\n")
    table = open_table(source_of(data), ",")
    rows = list(table.rows)
    # Every line that is not blank is in a row or in a reject.
    kept = "".join(row.text for row in rows)
    for line in io.StringIO(text, newline=""):
        assert line.strip("\r\n") in kept
    assert [row.line for row in rows] == sorted({row.line for row in rows})


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
@pytest.mark.parametrize(
    "data",
    [b"\xef\xbb\xbfid,bsa\r\na,8\r\n\r\nb,9\r\n", b"id,bsa\ra,8\r\rb,9\r", b"id,bsa\na,8\n\nb,9",
     b'\xef\xbb\xbf{"id":"a","bsa":8}\n\n\n{"id":"b",\r"bsa":9}\n',
     "id,bsa,é\na,8,ü\n\nb,9,\n".encode()],
)  # fmt: skip
def test_where_a_block_ends_changes_nothing(data: bytes, size: int) -> None:
    file = io.BytesIO(data)
    table = open_table(Source("list", None, lambda _: file.read(size)), None)
    rows = list(table.rows)
    assert [(row.id, row.line) for row in rows if not isinstance(row, Reject)] in (
        [("a", 2), ("b", 4)], [("a", 1), ("b", 4)],
    )  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_from_the_header(delimiter: str) -> None:
    done = batch(LIST.replace(",", delimiter), "-r", "eu")
    assert len(objects(done.stdout)) == 3


def test_a_delimiter_can_be_forced_and_is_that_of_the_answer() -> None:
    done = batch("id;bsa\nx,y;8\n", "--delimiter", ";", "-f", "csv")
    assert flat(done.stdout, ";")[0]["id"] == "x,y"
    assert batch(LIST, "--delimiter", "|").returncode == 2


def test_bom_crlf_quotes_and_column_names_as_people_write_them() -> None:
    done = batch('\ufeffID,"B S A",Bsa,Mi or Stroke\r\n"p ""1""","a\nb",8,yes\r\n')
    (row,) = objects(done.stdout)
    assert (row["id"], row["B S A"], row["bsa_percent"]) == ('p "1"', "a\nb", 8)
    assert "myocardial-infarction-or-stroke" in row["us_findings"]


def test_several_values_in_a_cell() -> None:
    text = "week,repig,drugs,topical\n52,face=76;trunk=23,itraconazole;verapamil,none\n"
    (row,) = objects(batch(text, "--full").stdout)
    assert row["inputs"] == {"week": 52, "repig": {"face": 76, "trunk": 23},
                             "drug": ["itraconazole", "verapamil"], "topical": []}  # fmt: skip


def test_ndjson_has_types() -> None:
    text = ('{"id": 7, "bsa": 8.50, "week": "52", "repig": {"face": 76, "trunk": 23},'
            ' "pregnant": false, "drug": ["itraconazole"], "smoker": null,'
            ' "seen": [1.50, {"by": "x"}]}\n\n{"bsa": 8}\n')  # fmt: skip
    first, second = objects(batch(text).stdout)
    assert (first["line"], first["id"]) == (1, 7)
    assert first["seen"] == [Decimal("1.50"), {"by": "x"}]
    assert first["bsa_percent"] == Decimal("8.5")
    assert second["line"] == 3
    whole, _ = objects(batch(text, "--full").stdout)
    assert whole["inputs"]["pregnant"] is False


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ('{"bsa": NaN}', "", "NaN is not a number"),
        ('{"bsa": true}', "bsa", "is a yes or no, not a number"),
        ('{"bsa": 8, "bsa": 9}', "", "'bsa' stands twice"),
        ('{"bsa": 1e1}', "bsa", "1e1 is not a plain number"),
        ('{"bsa": [8, 9]}', "bsa", "a list is not a number"),
        ('{"bsa": {"x": 8}}', "bsa", "an object is not a number"),
        ('{"drug": 5}', "drug", "5 is not a name"),
        ('{"drug": "a", "drugs": "b"}', "drugs", "given under two names"),
        ('{"pregnant": 1}', "pregnant", "1 is neither yes nor no"),
        ('{"region": "fr", "bsa": 8}', "region", "'fr' is not a region"),
        ('{"region": 5, "bsa": 8}', "region", "5 is not a region"),
        ("[8]", "", "is not a JSON object"),
        ('{"bsa": 8', "", "cannot be read as JSON"),
        ('{"x": ' + "[" * 100_000 + "]" * 100_000 + "}", "", "levels"),
    ],
)
def test_ndjson_that_is_rejected(line: str, column: str, reason: str) -> None:
    done = batch('{"bsa": 8}\n' + line + '\n{"bsa": 9}\n')
    assert done.returncode == 4
    assert len(objects(done.stdout)) == 2
    message = done.stderr.decode().splitlines()[0]
    assert message.startswith(f"standard input:2: {column}")
    assert reason in message
    for notation in ("Decimal", "JsonNumber", "tuple", "True", "None", "Pairs"):
        assert notation not in message


@pytest.mark.parametrize("field", ['"bsa":[8]', '"pregnant":[true]', '"age":["34"]', '"repig":{}',
                                   '"repig":[]', '"bsa":[]', '"drug":{}'])  # fmt: skip
def test_json_of_another_shape_is_rejected(field: str) -> None:
    done = batch('{"week":3,' + field + '}\n{"bsa":8}\n')
    assert done.returncode == 4
    assert len(objects(done.stdout)) == 1


def test_a_carriage_return_inside_of_ndjson_is_white_space() -> None:
    done = batch('{"id":"a",\r"bsa":8}\r\n\r{"id":"b"\r,"bsa":\r9}\n')
    assert [(row["line"], row["id"]) for row in objects(done.stdout)] == [(1, "a"), (2, "b")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("p,7,5", "has 3 cells where the header has 2"),
        ("p", "has 1 cell where the header has 2"),
        ('p,"7,5"', "bsa: '7,5' has a comma. Write 7.5."),
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
    assert [answer["id"] for answer in objects(done.stdout)] == ["first", "last"]
    message, total = done.stderr.decode().splitlines()
    assert message.startswith("standard input:3: ")
    assert reason in message
    assert len(message) < 700
    assert total.startswith("3 rows: 2 answered, 1 rejected.")


@pytest.mark.parametrize(
    ("header", "long", "good"),
    [("id,bsa\n", "1," + "8" * LONGEST_LINE, "2,8\n"),
     ("id,bsa\n", '1,"' + "8" * LONGEST_LINE, "2,8\n"),
     ("", '{"bsa":"' + "8" * LONGEST_LINE + '"}', '{"id":"2","bsa":8}\n')],
    ids=["csv", "open quote", "ndjson"],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", ""])
def test_a_line_longer_than_16_mb_is_rejected_by_name(
    tmp_path: Path, header: str, long: str, good: str, end: str
) -> None:
    source, rejects = tmp_path / "list", tmp_path / "rejects"
    source.write_text(f"{header}{good}{long}{end}{good if end else ''}")
    line = 3 if header else 2
    ran = ruxcalc("batch", str(source), "--rejects", str(rejects))
    assert ran.status == 4
    assert len(ran.out.splitlines()) == (2 if end else 1)
    assert "longer than 16 MB" in ruxcalc("batch", str(source)).err
    assert f"{source}:{line}: the line is longer than 16 MB" in ruxcalc("batch", str(source)).err
    assert rejects.stat().st_size < 5000


def test_a_line_of_16_mb_is_read() -> None:
    filler = "x" * (LONGEST_LINE - 200)
    done = batch(f'{{"bsa":8,"x":"{filler}"}}\n')
    assert done.returncode == 0
    assert len(objects(done.stdout)[0]["x"]) == len(filler)


@pytest.mark.parametrize("text", ["id,bsa\n".encode("utf-16"), b"gr\xf6\xdfe,bsa\n1,8\n"])
def test_a_header_that_is_not_utf_8(text: bytes) -> None:
    done = batch(text)
    assert done.returncode == 2
    assert b"is not UTF-8 text" in done.stderr


def test_no_escape_code_reaches_the_terminal() -> None:
    done = batch("id,bsa,\033[31mx,\033[31mx\n1,8,,\n")
    assert done.returncode == 2
    assert b"\x1b" not in done.stderr


def test_rejects_keep_the_whole_row_with_its_reason(tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    text = b'id,bsa\na,8\nb,"7,5"\nc,\xff\nd,"9\ne,9\n=f,x\n'
    done = batch(text, "--rejects", str(rejects))
    assert done.returncode == 4
    assert done.stderr.count(b"\n") == 1
    with rejects.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        kept = list(csv.DictReader(file))
    assert [(row["line"], row["column"], row["row"]) for row in kept] == [
        ("3", "bsa", 'b,"7,5"'), ("4", "", "c,\udcff"), ("5", "", 'd,"9'), ("7", "bsa", "'=f,x"),
    ]  # fmt: skip
    assert kept[0]["reason"].startswith("'7,5' has a comma. Write 7.5.")
    assert [row["id"] for row in objects(done.stdout)] == ["a", "e"]


def test_ndjson_rejects_are_ndjson(tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.ndjson"
    batch('{"bsa": 8}\n{"bsa": "x"}\n', "--rejects", str(rejects))
    (kept,) = objects(rejects.read_bytes())
    assert (kept["line"], kept["column"], kept["row"]) == (2, "bsa", '{"bsa": "x"}')
    assert "is not a plain number" in kept["reason"]


def test_a_region_of_its_own_goes_before_the_option() -> None:
    text = "id,region,bsa\na,us,8\nb,,8\nc,EU;uk,8\n"
    rows = objects(batch(text, "-r", "eu").stdout)
    regions = [[name[:2] for name in row if name.endswith("_verdict")] for row in rows]
    assert regions == [["us"], ["eu"], ["eu", "uk"]]
    cells = flat(batch(text, "-r", "eu", "-f", "csv").stdout)
    assert [row["us_verdict"] for row in cells] == ["not-cleared", "", ""]


def test_a_misspelt_column_is_pointed_out() -> None:
    done = batch("id,bas,week\n1,8,3\n")
    assert done.returncode == 0
    assert "column 'bas' is not known and passes through; bsa is" in done.stderr.decode()
    assert objects(done.stdout)[0]["bas"] == "8"


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


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "there is nothing in it"),
        (b"\n \n", "there is nothing in it"),
        (b"\xef\xbb\xbf", "there is nothing in it"),
        (b"id,bsa\n", "there is a header and no row"),
        (b"id,bas\n1,8\n", "no column of the header is known. 'bas'? bsa."),
        (b"id,bsa,BSA\n1,8,9\n", "stands twice in the header"),
        (b"id,drug,drugs\n1,x,y\n", "stands twice in the header"),
        (b'id,"bsa\n1,8\n', "the header cannot be read"),
        (b"id," + b"x" * LONGEST_LINE + b"\n1,8\n", "longer than 16 MB"),
    ],
)
def test_where_nothing_can_be_read(text: bytes, reason: str) -> None:
    done = batch(text)
    assert (done.returncode, done.stdout) == (2, b"")
    assert reason in done.stderr.decode()
    assert done.stderr.startswith(b"ruxcalc: standard input: ")
    assert done.stderr.count(b"\n") == 1


def test_none_means_none_in_every_form() -> None:
    rows = objects(batch('{"drug": "none"}\n{"drug": []}\n', "--full").stdout)
    rows += objects(batch("drug\n none\n", "--full").stdout)
    assert [row["inputs"] for row in rows] == [{"drug": []}] * 3


def test_deep_json_costs_one_row() -> None:
    deep = '{"bsa":8,"x":' + "[" * 400 + "]" * 400 + "}"
    done = batch(f'{{"bsa":8}}\n{deep}\n{{"bsa":9}}\n')
    assert (done.returncode, len(objects(done.stdout))) == (4, 2)


def test_the_delimiter_is_not_counted_in_names() -> None:
    done = batch('id;"name, first, last, x";bsa\na;b;8\n')
    assert objects(done.stdout)[0]["bsa_percent"] == 8


def test_empty_columns_of_a_spreadsheet_pass_through() -> None:
    (row,) = objects(batch("id,bsa,,\na,8,,\n").stdout)
    assert (row["column 3"], row["column 4"]) == ("", "")


def test_a_visit_without_a_date_is_of_the_day_of_the_list() -> None:
    text = b"start,repig\n2020-01-01,30\n"
    done = subprocess.run([COMMAND, "batch", "-", "--full"], input=text, capture_output=True,
                          check=False)  # fmt: skip
    (row,) = objects(done.stdout)
    assert row["inputs"]["on"] == time.strftime("%Y-%m-%d")
    (row,) = objects(batch(text, "--full").stdout)
    assert row["inputs"]["on"] == VERIFIED_ON


# ---- The notation of the list ----


def test_a_decimal_comma_where_the_list_is_said_to_have_it() -> None:
    text = "id;bsa;week;repig\na;8,5;52;face=20,5;trunk=30\nb;8.5;;\nc;120,5;;\nd;8;;\n"
    text = text.replace("20,5;trunk", "20,5,trunk")
    done = batch(text, "--decimal", ",")
    rows = objects(done.stdout)
    assert [row["bsa_percent"] for row in rows] == [Decimal("8.5"), 8]
    point, large, _ = done.stderr.decode().splitlines()
    assert ":3: bsa: '8.5' has a decimal point. This list has decimal commas" in point
    assert ":4: bsa: '120,5' is too large" in large
    assert "'8,5' has a comma" in batch(text).stderr.decode()
    quoted = batch('id,bsa\na,"8,5"\n', "--decimal", ",")
    assert objects(quoted.stdout)[0]["bsa_percent"] == Decimal("8.5")
    assert batch(text, "--decimal", ";").returncode == 2


@pytest.mark.parametrize(
    ("order", "start", "week"),
    [("dmy", "24.11.2025", 52), ("dmy", "24/11/2025", 52), ("dmy", "2025-11-24", 52),
     ("dmy", "5.1.2026", 46), ("mdy", "11/24/2025", 52), ("ymd", "2025-11-24", 52)],
)  # fmt: skip
def test_dates_in_the_order_that_the_list_is_said_to_have(
    order: str, start: str, week: int
) -> None:
    done = batch(f"start,on\n{start},2026-11-24\n", "--dates", order)
    assert [row["week"] for row in objects(done.stdout)] == [week]


@pytest.mark.parametrize(("order", "start"), [
    ("ymd", "24.11.2025"), ("dmy", "31.11.2025"), ("dmy", "24.11/2025"), ("dmy", "24.11.25"),
    ("mdy", "24/11/2025"),
])  # fmt: skip
def test_dates_that_are_none_in_this_list(order: str, start: str) -> None:
    done = batch(f"start\n{start}\n", "--dates", order)
    assert done.returncode == 4
    assert f"start: '{start}' " in done.stderr.decode()


def test_the_notation_is_that_of_text_in_json_too() -> None:
    text = '{"bsa":"8,5","start":"24.11.2025"}\n{"bsa":8.5}\n'
    done = batch(text, "--decimal", ",", "--dates", "dmy")
    assert [row["bsa_percent"] for row in objects(done.stdout)] == [Decimal("8.5")] * 2


# ---- Spreadsheets ----


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("=1+1", "'=1+1"), ("+1", "'+1"), ("-5", "-5"), ("-5.25", "-5.25"), ("-5+x", "'-5+x"),
     ("-", "'-"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "'\rx"), ("x=1", "x=1"), ("", ""),
     ("--5", "'--5"), ("-5.", "-5."), ("-\u0665", "'-\u0665"), ("\0=1", "'\0=1"),
     ("\0\0 \t=1", "'\0\0 \t=1"), (" =1", "' =1"), ("\u00a0=1", "'\u00a0=1"),
     ("\u200b@x", "'\u200b@x"), ("\ufeff+x", "'\ufeff+x"), ("\uff1d1", "'\uff1d1"),
     ("\uff0b1", "'\uff0b1"), ("\uff0d1", "'\uff0d1"), ("\uff20x", "'\uff20x"),
     ("\ufe661", "'\ufe661"), (" x", " x"), (" -5", " -5"), ("\0", "\0"), ("é=1", "é=1")],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_would_run_is_defused(cell: str, expected: str) -> None:
    assert defused(cell) == expected


def test_answers_and_rejects_are_defused(tmp_path: Path) -> None:
    rejects = tmp_path / "rejects"
    text = 'id,=ward,bsa\n\0=p,\uff1d1,12\n" =q",y,x\n'
    done = batch(text, "-f", "csv", "-r", "eu", "--rejects", str(rejects))
    (row,) = flat(done.stdout)
    assert (row["id"], row["'=ward"]) == ("'\0=p", "'\uff1d1")
    with rejects.open(newline="") as file:
        (kept,) = csv.DictReader(file)
    assert kept["row"] == '" =q",y,x'
    batch("id,bsa\n =q,x\n", "--rejects", str(rejects))
    with rejects.open(newline="") as file:
        (kept,) = csv.DictReader(file)
    assert kept["row"] == "' =q,x"


@pytest.mark.parametrize("name", ["a\n=1+1", "a\rb", "a\r\nb", 'a"b', "a,b", "a;b", "=1", "\rx"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_whatever_is_in_a_cell_the_table_stays_even(name: str, delimiter: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([["id", "ward", "bsa"], [name, name, "8"]])
    done = batch(text.getvalue(), "-f", "csv", "--delimiter", delimiter)
    (row,) = flat(done.stdout, delimiter)
    assert row["id"] == row["ward"] == defused(name)


def test_json_rows_with_fields_of_their_own_make_an_even_table() -> None:
    text = '{"id":"a","bsa":8,"site":"X"}\n{"bsa":9}\n{"bsa":9,"y":[1],"ward":2}\n'
    rows = flat(batch(text, "-f", "csv").stdout)
    assert [json.loads(row["columns"] or "{}") for row in rows] == [
        {"site": "X"}, {}, {"y": [1], "ward": 2},
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_no_two_columns_share_a_name(form: str) -> None:
    text = "id,bsa,line,input_line,verdict,us_verdict,=x,'=x,input_input_line\na,8,1,2,3,4,5,6,7\n"
    done = batch(text, "-f", form)
    row = flat(done.stdout)[0] if form == "csv" else objects(done.stdout)[0]
    assert {**row}["line"] in ("2", 2)
    assert {"1", "2", "3", "4", "5", "6", "7"} <= {str(value) for value in row.values()}
    assert row["input_line"] == "2"
    assert row["input_verdict"] == "3"


@given(st.lists(st.sampled_from(["line", "input_line", "input_input_line", "x", "id2", "verdict",
                                 "input_verdict", "input_x"]), unique=True))  # fmt: skip
def test_passed_names_are_unique_and_others_keep_theirs(names: list[str]) -> None:
    own = own_names(REGIONS)
    new = passed_names(names, own)
    assert len(new) == len(names)
    assert len({*own, *new}) == len(own) + len(new)
    assert all(a == b for a, b in zip(names, new, strict=True) if a not in own)


# ---- The table ----


def test_the_table_is_one_line_a_patient_worst_first() -> None:
    text = "id,bsa,week,repig,pregnant\np1,8,52,20,no\np2,12,,,\np3,4,,,yes\np4,,,,\n,8,,,\n"
    done = batch(text, "-f", "table", "-r", "eu,us")
    head, *lines = done.stdout.decode().splitlines()
    assert head.split() == ["patient", "US", "EU", "first", "finding"]
    assert [line.split()[0] for line in lines] == ["p3", "p2", "p1", "p4", "line"]
    assert lines[0].split()[1:] == ["not-cleared", "contraindicated", "pregnancy"] or (
        lines[0].split()[2] == "contraindicated"
    )
    assert "consider-stopping" in lines[2]
    assert "repigmentation below threshold" in lines[2]


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 250])
def test_no_width_cuts_the_table(columns: int) -> None:
    text = f"id,bsa,week,repig\n{'x' * 50},8,52,20\np2,12,,\n"
    out = batch(text, "-f", "table", env={"COLUMNS": str(columns)}).stdout.decode()
    assert max(map(len, out.splitlines())) <= columns
    letters = "".join(out.split())
    assert letters.count("x") >= 50
    assert "consider-stopping" in letters


def test_a_table_keeps_the_worst_of_a_long_list() -> None:
    rows = "".join(f"p{number},{'12' if number == 2500 else '8'}\n" for number in range(3000))
    out = batch("id,bsa\n" + rows, "-f", "table", "-r", "eu").stdout.decode().splitlines()
    assert out[1].startswith("p2500")
    assert len(out) == 1002
    assert out[-1].startswith("The worst 1000 of 3000 patients.")


def in_terminal(arguments: Sequence[str], text: bytes, **env: str) -> bytes:
    """Return what the command writes to a terminal that is its standard output."""
    terminal, end = pty.openpty()
    process = subprocess.Popen([COMMAND, "batch", "-", *arguments], stdin=subprocess.PIPE,
                               stdout=end, stderr=subprocess.DEVNULL,
                               env={**CLEAN, "TERM": "xterm", **env})  # fmt: skip
    os.close(end)
    process.communicate(text, timeout=60)
    return read_all(terminal)


def read_all(terminal: int) -> bytes:
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
    return seen


def test_the_table_has_colour_on_a_terminal_only() -> None:
    text = b"id,bsa\na,12\nb,8\n"
    assert b"\x1b[" in in_terminal(["-f", "table"], text)
    assert b"\x1b[" not in in_terminal(["-f", "table"], text, NO_COLOR="1")
    assert b"\x1b[" not in in_terminal(["-f", "table"], text, TERM="dumb")
    assert b"\x1b[" not in batch(text, "-f", "table").stdout


# ---- Progress and memory ----


def test_progress_where_somebody_looks() -> None:
    rows = "".join(f"{number},{number / 100}\n" for number in range(1, 1001)).encode()
    terminal, end = pty.openpty()
    with subprocess.Popen([COMMAND, "batch", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=end, env={**CLEAN, "TERM": "xterm"}) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"id,bsa\n" + rows)
        process.stdin.flush()
        process.stdout.readline()  # it is at work
        time.sleep(2 * OFTEN)
        process.stdin.write(rows + b"z,x\n")
        process.communicate()
    os.close(end)
    seen = read_all(terminal)
    assert b"rows/s" in seen
    assert b"is not a plain number" in seen
    # The line of progress is gone before a message and before the total.
    assert b"2001 rows: 2000 answered, 1 rejected." in seen.split(b"\r")[-2].strip()


# A process begins with the peak of the one that starts it, so that one is small.
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak_megabytes(path: Path) -> int:
    command = [sys.executable, "-c", PEAK, str(COMMAND), "batch", str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return int(done.stdout) // (1024 if sys.platform == "linux" else 1024**2)


def test_memory_does_not_grow_with_the_list(tmp_path: Path) -> None:
    small, large = tmp_path / "small.csv", tmp_path / "large.csv"
    for path, rows in ((small, 10_000), (large, 60_000)):
        with path.open("w") as file:
            file.write("id,bsa,week\n")
            file.writelines(f"p{n},{n % 900 / 90 + 0.01:.4f},{n % 80}\n" for n in range(rows))
    assert peak_megabytes(large) - peak_megabytes(small) < 30


def test_memory_does_not_grow_with_a_line(tmp_path: Path) -> None:
    small, large = tmp_path / "small.csv", tmp_path / "large.csv"
    small.write_text("id,bsa\na,8\n")
    with large.open("wb") as file:
        file.write(b"id,bsa\na,8\nb,")
        for _ in range(300):
            file.write(b"8" * 10**6)
        file.write(b"\nc,8\n")
    assert peak_megabytes(large) - peak_megabytes(small) < 60


def test_a_format_of_lists_in_the_environment() -> None:
    assert batch(LIST, env={"RUXCALC_FORMAT": "csv"}).stdout.startswith(b"line,id,")
    assert batch(LIST, env={"RUXCALC_FORMAT": "note"}).stdout.startswith(b"{")
