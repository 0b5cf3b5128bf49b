"""Lists and arguments that are nearly right, and bytes that are nothing at all.

What must hold stands in doors.py. `python tools/fuzz.py` holds it against far more inputs.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from doors import FUNCTIONS, Ran, csv_records, hold_arguments, hold_call, hold_list, hold_visits
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ruxcalc.batch.answering import answer_rows
from ruxcalc.batch.columns import ALIASES, PATIENTS
from ruxcalc.patient import INPUTS

OPTIONS = (
    st.sampled_from([[], [], ["-f", "csv"], ["--explain"], ["--exit-zero"], ["-q"]]),
    st.sampled_from([[], [], ["--delimiter", ";"], ["--delimiter", "tab"], ["--delimiter", ","]]),
    st.sampled_from([[], ["-r", "eu"], ["-r", "us,uk"], ["--jobs", "2"]]),
)
options = st.tuples(*OPTIONS).map(lambda several: [word for some in several for word in some])

known = st.sampled_from([*INPUTS, *ALIASES, *PATIENTS.identity])
names = (
    known
    | known.map(str.upper)
    | known.map(lambda name: f" {name.replace('_', '-')} ")
    | known.map(lambda name: name[:-1])
    | st.sampled_from(["ward", "", "line", "worst", "=x", "\x1b[31m", "\u2028", "x" * 700, "\0"])
)
# Lengths about the limits of the readers; an int of more than 4300 digits is refused by Python.
long = st.tuples(st.sampled_from(["x", "9", " ", "é"]), st.sampled_from([61, 601, 4301, 131_073]))
texts = (
    st.sampled_from(["8", "12", "52", "20", "-5", "7,5", "1e3", "NaN", "", " ", "yes", "no", "none",
                     "eu", "us;uk", "face=76;body=2", "itraconazole", "2026-01-05", "f-vasi", "=1",
                     "\x00", "\x1b]0;x\x07", "\ud800", "\x85", "\u202e", "'", '"', '"a', 'a"b'])
    | st.text(max_size=6)
    | long.map(lambda some: some[0] * some[1])
)  # fmt: skip
ends = st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\n \n", "\x0b", "\u2028"])
TROUBLE = [b"\xff", b"\x00", b'"', b'""', b"\r", b"\n", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"{",
           b"\xc3", b",", b";", b"\t", b"\\", b'"\n' * 101]  # fmt: skip


def raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@st.composite
def mangled(draw: st.DrawFn, lists: st.SearchStrategy[bytes]) -> bytes:
    data = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"])) + draw(lists)
    for trouble in draw(st.lists(st.sampled_from(TROUBLE), max_size=3)):
        place = draw(st.integers(0, len(data)))
        data = data[:place] + trouble + data[place + draw(st.integers(0, 2)) :]
    return data


@st.composite
def csv_lists(draw: st.DrawFn) -> bytes:
    header = draw(st.lists(names, min_size=1, max_size=5))
    mark, other = draw(st.sampled_from([",", ";", "\t"])), draw(st.sampled_from([",", ";"]))
    end = draw(ends)
    rows = [header, *draw(st.lists(st.lists(texts, min_size=1, max_size=6), max_size=6))]
    width = len(header)
    lines = []
    for row in rows:
        # Most rows are as wide as the header; all are quoted as a file of its kind would be.
        even = (row * width)[:width] if draw(st.integers(0, 4)) else row
        quoted = draw(st.booleans())
        cells = [f'"{cell.replace(chr(34), chr(34) * 2)}"' if quoted else cell for cell in even]
        lines.append((mark if draw(st.integers(0, 9)) else other).join(cells))
    return raw(end.join(lines) + draw(st.sampled_from(["", end])))


numbers = st.sampled_from(["8", "8.50", "-0", "1E400", "1e-999", "0" * 50, "9" * 4301, "NaN",
                           "-Infinity", "+1", "01", ".5"])  # fmt: skip


@st.composite
def nested(draw: st.DrawFn) -> str:
    # About what passes through, and about what no stack takes.
    levels = draw(st.sampled_from([1, 2, 49, 50, 51, 200, 320, 400, 480, 990, 5000]))
    begin, end = draw(st.sampled_from([("[", "]"), ('{"a":', "}"), ('[{"":[', "]}]")]))
    return begin * levels + draw(st.sampled_from(["1", '"x"'])) + end * levels


json_texts = texts.map(json.dumps)
scalars = numbers | json_texts | st.sampled_from(["null", "true", "false", "[]", "{}"])
lists_of = st.lists(scalars, max_size=3).map(lambda several: f"[{','.join(several)}]")
objects_of = st.dictionaries(json_texts, scalars, max_size=3).map(
    lambda pairs: "{" + ",".join(f"{name}:{value}" for name, value in pairs.items()) + "}"
)
json_values = scalars | lists_of | objects_of | nested()


@st.composite
def ndjson_lists(draw: st.DrawFn) -> bytes:
    rows = draw(st.lists(st.lists(st.tuples(names.map(json.dumps), json_values), max_size=5),
                         min_size=1, max_size=5))  # fmt: skip
    lines = ["{" + ",".join(f"{name}:{value}" for name, value in row) + "}" for row in rows]
    lines += draw(st.lists(st.sampled_from(["[]", "1", "null", "{", '{"bsa":8}}', "\ufeff{}", " "]),
                           max_size=2))  # fmt: skip
    return raw(draw(ends).join(lines))


visit_cells = {
    "date": st.dates().map(str) | st.sampled_from(["2026-01-05", "2026-06-22", "9999-12-31", "x"]),
    "repig": st.sampled_from(["0", "24.9", "25", "-1001", "face=30;body=-4", "7,5"]),
    "score": st.sampled_from(["4", "3", "0", "1e3"]),
    "meaningful": st.sampled_from(["yes", "no", "?"]),
    "tubes_dispensed": st.sampled_from(["0", "1", "2", "1.5"]),
    "tube_grams": st.sampled_from(["60", "100", "5"]),
}


@st.composite
def visit_lists(draw: st.DrawFn) -> bytes:
    columns = ["date", *draw(st.sets(st.sampled_from(list(visit_cells)[1:]), min_size=1))]
    rows = [[draw(visit_cells[name] | st.just("")) for name in columns]
            for _ in range(draw(st.integers(1, 7)))]  # fmt: skip
    if draw(st.booleans()):
        lines = [json.dumps(dict(zip(columns, row, strict=True))) for row in rows]
    else:
        lines = [",".join(columns), *(",".join(f'"{cell}"' for cell in row) for row in rows)]
    return raw("\n".join(lines))


@settings(max_examples=300)
@given(mangled(visit_lists()), st.sampled_from([[], ["--start", "2026-01-05"], ["-r", "us"]]))
@example(b"date,repig\n9999-12-31,\n", [])
def test_whatever_a_list_of_visits_holds_none_is_lost(data: bytes, some: list[str]) -> None:
    hold_visits(data, some)


@settings(max_examples=250)
@given(mangled(csv_lists()), options)
@example(b'id,bsa\n"a,8\nb,8\n', [])
@example(b"bsa\r8\r\r\n9", ["--jobs", "2"])
@example(b'"bsa"x\n8\n', ["--delimiter", "tab"])
def test_whatever_a_csv_list_holds_no_row_is_lost(data: bytes, given_options: list[str]) -> None:
    hold_list(data, given_options)


@settings(max_examples=250)
@given(mangled(ndjson_lists()), options)
@example(b'{"bsa":8,"\\ud800":"\\udfff"}\n', ["-f", "csv"])
def test_whatever_an_ndjson_list_holds_no_row_is_lost(
    data: bytes, given_options: list[str]
) -> None:
    hold_list(data, given_options)


@given(st.binary(max_size=300) | st.text().map(raw), options)
def test_bytes_that_are_no_list(data: bytes, given_options: list[str]) -> None:
    hold_list(data, given_options)


@pytest.mark.parametrize("field", ["id", "region", "bsa", "drug", "repig", "pregnant", "start"])
@pytest.mark.parametrize(("begin", "end"), [("[", "]"), ('{"a":', "}")])
def test_no_depth_of_any_field_costs_more_than_its_row(field: str, begin: str, end: str) -> None:
    # Each depth: which one is too deep for a stack depends on where it is read.
    rows = [f'{{"week":3,"{field}":{begin * n}1{end * n}}}\n' for n in range(1, 1100, 7)]
    ran = hold_list("".join([*rows, '{"bsa":8}\n']).encode())
    assert ran.status == 4
    assert ran.out.splitlines()[-1].startswith(b'{"row":{"line":%d,' % (len(rows) + 1))


MANY = 40_000  # what costs a step for each pair of names takes minutes here
EACH = [f"c{number}" for number in range(MANY)]


@pytest.mark.parametrize(
    ("text", "status"),
    [("bsa" + "," * MANY + "\n8\n", 4),
     (",".join(["bsa", *EACH, EACH[-1]]) + "\n", 2),
     (",".join(EACH) + "\n", 2),
     (",".join(["bsa", *EACH]) + "\n8" + "," * MANY + "\n", 0),
     (json.dumps(dict.fromkeys([*EACH, "bsa"], 8)), 0),
     (json.dumps(dict.fromkeys(EACH, 8)), 4),
     (json.dumps(dict.fromkeys(EACH, 8))[:-1] + f', "{EACH[-1]}": 8}}', 4),
     ('bsa\n"' + "8\n" * 1000, 4), ("bsa\n" + '"8\n' * 20_000, 4)],
    ids=["empty columns", "a column twice", "none known", "many pass", "many fields", "no field",
         "a field twice", "a quote", "quotes"],
)  # fmt: skip
def test_many_names_cost_no_more_than_one_look_each(text: str, status: int) -> None:
    # The limit of time for one input is in the harness.
    assert hold_list(text.encode()).status == status


words = st.sampled_from(["batch", "-", "dose", "vasi", "label", "help", "schema", "--bsa", "8",
                         "--get", "use", "-f", "csv", "ndjson", "json", "--delimiter", "tab", "-q",
                         "--jobs", "2", "face=1@75", "--baseline", "face=1@100", "--", "-h",
                         "--repig=face=5", "--drug", "x" * 81, "9" * 5000, "\udcff", "-r", "eu"]
                        )  # fmt: skip


@settings(max_examples=100)
@given(st.lists(words | st.text(max_size=5), max_size=7), mangled(csv_lists()))
def test_arguments_and_a_list_together(arguments: list[str], data: bytes) -> None:
    hold_arguments(arguments, data)


python_values = st.recursive(
    texts | st.integers() | st.floats() | st.decimals() | st.booleans() | st.dates() | st.none()
    | st.binary(max_size=3) | st.complex_numbers() | st.integers(0, 99).map(lambda n: 10**n),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(texts, inner,
                                                                                  max_size=3),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=300)
@given(st.sampled_from(FUNCTIONS[:4]), st.dictionaries(st.sampled_from(list(INPUTS)),
                                                       python_values, max_size=4))  # fmt: skip
def test_python_values_of_any_kind(name: str, told: dict[str, Any]) -> None:
    hold_call(name, told)


@pytest.mark.parametrize("wrapped", [lambda n: n, lambda n: [[n]], lambda n: {"face": [n]}])
def test_a_number_that_python_does_not_write_out(wrapped: Callable[[int], Any]) -> None:
    for name in INPUTS:
        hold_call("assess", {name: wrapped(10**5000)})


def test_lists_deeper_than_python_writes_out() -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    for name in INPUTS:
        hold_call("assess", {name: deep})


# ---- the harness itself: it sees what it is there to see ----


def lost(rows: list[Any], wanted: Any) -> Any:
    return answer_rows(rows[1:], wanted)


def swapped(rows: list[Any], wanted: Any) -> Any:
    return answer_rows(rows[::-1], wanted)


def raising(*_: object) -> Any:
    raise KeyError


@pytest.mark.parametrize(
    ("form", "place", "wrong"),
    [("ndjson", "run.answer_rows", lost), ("csv", "run.answer_rows", lost),
     ("ndjson", "run.answer_rows", swapped), ("csv", "run.answer_rows", swapped),
     ("ndjson", "run.printable", "\x1b{}".format), ("ndjson", "run.checked_jobs", raising),
     ("ndjson", "answering.render_line", repr), ("csv", "answering.csv_line", lambda *_: "1,2"),
     ("csv", "answering.defused", str)],
)  # fmt: skip
def test_the_harness_sees_a_broken_list(
    form: str, place: str, wrong: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"ruxcalc.batch.{place}", wrong)
    with pytest.raises((AssertionError, KeyError, ValueError)):
        hold_list(b"id,bsa\n=1,8\ny,9\nb,x\n", ["-f", form, "--jobs", "1"])


def test_the_harness_refuses_to_write_and_says_so() -> None:
    ran: Ran = hold_arguments(["batch", "-", "-o", "answers"])
    assert ran.status == 2
    assert len(ran.touched) == 1


def test_the_records_of_the_harness() -> None:
    lines = ["\n", "a,b\n", '"x\n', 'y",2\n', "\n", '"z\n', "3,4"]
    assert csv_records(lines, ",") == {
        2: ["a", "b"], 3: ["x\ny", "2"], 6: None, 7: ["3", "4"],
    }  # fmt: skip
