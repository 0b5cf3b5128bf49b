"""Where a list is written to: files, pipes, devices, and whatever may be wrong with them."""

import json
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import CLEAN, COMMAND

LIST = "id,bsa\na,8\nb,12\nc,x\n"
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NEEDS_USER = pytest.mark.skipif(ROOT, reason="nothing is forbidden to the administrator")
NEEDS_ROOT = pytest.mark.skipif(not ROOT, reason="only the administrator has files of others")
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")


def batch(*arguments: str, text: str = LIST, **more: Any) -> subprocess.CompletedProcess[bytes]:
    more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": CLEAN, **more}
    return subprocess.run([COMMAND, "batch", "-", *arguments], input=text.encode(), check=False,
                          timeout=60, **more)  # fmt: skip


def shell(line: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["bash", "-c", line], capture_output=True, check=False, timeout=60,
                          env={**CLEAN, "R": str(COMMAND)}, **more)  # fmt: skip


def lines(data: bytes) -> list[Any]:
    return [json.loads(line) for line in data.splitlines()]


def refused(done: subprocess.CompletedProcess[bytes], *words: str) -> None:
    assert done.returncode == 2
    assert done.stdout in (b"", None)
    message = done.stderr.decode()
    assert message.count("\n") == 1, message
    assert message.startswith("ruxcalc: ")
    for word in words:
        assert word in message


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ---- A file, whole or not at all ----


def test_a_file_appears_whole(tmp_path: Path) -> None:
    done = batch("-o", str(tmp_path / "out"), "--rejects", str(tmp_path / "rejects"))
    assert (done.returncode, done.stdout) == (4, b"")
    assert done.stderr.startswith(b"3 rows: 2 answered, 1 rejected.")
    assert len(lines((tmp_path / "out").read_bytes())) == 2
    assert (tmp_path / "rejects").read_bytes().count(b"\n") == 2
    assert names(tmp_path) == ["out", "rejects"]


def test_a_refusal_leaves_what_is_there(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_text("old")
    for text in ("", "id,bas\n1,8\n", "id,bsa\n"):
        refused(batch("-o", str(target), text=text))
    assert target.read_text() == "old"
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666])
def test_an_existing_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    target = tmp_path / "out"
    target.touch()
    target.chmod(mode)
    assert batch("-o", str(target)).returncode == 4
    assert stat.S_IMODE(target.stat().st_mode) == mode
    assert len(lines(target.read_bytes())) == 2


def test_a_new_file_has_the_mode_that_the_mask_allows(tmp_path: Path) -> None:
    for mask, mode in ((0o022, 0o644), (0o077, 0o600)):
        target = tmp_path / f"{mask}"
        line = f'umask {mask:o}; echo "{LIST}" | "$R" batch - -o {target}'
        assert shell(line).returncode == 4
        assert stat.S_IMODE(target.stat().st_mode) == mode


@NEEDS_ROOT
def test_an_existing_file_keeps_its_owner(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.touch()
    os.chown(target, 1234, 2345)
    assert batch("-o", str(target)).returncode == 4
    assert (target.stat().st_uid, target.stat().st_gid) == (1234, 2345)
    assert len(lines(target.read_bytes())) == 2


@NEEDS_USER
def test_what_may_not_be_written(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_text("old")
    target.chmod(0o400)
    refused(batch("-o", str(target)), "write-protected")
    target.chmod(0o600)
    tmp_path.chmod(0o500)
    try:
        refused(batch("-o", str(target)), "its folder accepts no new file")
        refused(batch("-o", str(tmp_path / "new")), "its folder accepts no new file")
        tmp_path.chmod(0o000)
        refused(batch("-o", str(target)), "cannot be written: Permission denied")
    finally:
        tmp_path.chmod(0o700)
    assert target.read_text() == "old"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link, dangling = tmp_path / "real", tmp_path / "link", tmp_path / "dangling"
    real.write_text("old")
    link.symlink_to(real)
    dangling.symlink_to("new")
    for path in (link, dangling):
        assert batch("-o", str(path)).returncode == 4
        assert path.is_symlink()
    assert len(lines(real.read_bytes())) == len(lines((tmp_path / "new").read_bytes())) == 2


def test_a_loop_of_links(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.symlink_to(other)
    other.symlink_to(one)
    for option in ("-o", "--rejects"):
        refused(batch(option, str(one)), "one", "Too many levels of symbolic links")
    assert names(tmp_path) == ["one", "other"]


def test_a_name_that_is_long_and_one_that_is_too_long(tmp_path: Path) -> None:
    longest = tmp_path / ("x" * 255)
    assert batch("-o", str(longest)).returncode == 4
    assert len(lines(longest.read_bytes())) == 2
    for path in (tmp_path / ("x" * 256), f"{tmp_path}/" + "x/" * 4000):
        refused(batch("-o", str(path)), "File name too long")


@pytest.mark.parametrize("option", ["-o", "--rejects"])
def test_folders(tmp_path: Path, option: str) -> None:
    refused(batch(option, str(tmp_path)), "is a folder")
    refused(batch(option, ""), "is no name")
    refused(batch(option, f"{tmp_path}/none/"), "names no folder that is there")
    refused(batch(option, str(tmp_path / "none" / "file")), "No such file")
    (tmp_path / "file").touch()
    refused(batch(option, str(tmp_path / "file" / "below")), "Not a directory")
    assert names(tmp_path) == ["file"]


def test_a_working_folder_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    line = f'cd {gone} && rmdir {gone} && echo "{LIST}" | "$R" batch - -o '
    done = shell(line + str(tmp_path / "out"))
    assert done.returncode == 4
    assert len(lines((tmp_path / "out").read_bytes())) == 2
    refused(shell(f"mkdir -p {gone}; {line} out"), "No such file")
    done = shell(f"mkdir -p {gone}; {line} -")
    assert (done.returncode, len(lines(done.stdout))) == (4, 2)
    refused(shell(f"mkdir -p {gone}; {line} out --rejects rejects"), "No such file")


# ---- The same file twice ----


def test_the_list_itself_is_never_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(LIST)
    (tmp_path / "sub").mkdir()
    (tmp_path / "alias").symlink_to(source)
    os.link(source, tmp_path / "hard")
    for other in ("in.csv", "sub/../in.csv", "alias", "hard"):
        for option in ("-o", "--rejects"):
            done = subprocess.run([COMMAND, "batch", source, option, str(tmp_path / other)],
                                  capture_output=True, check=False)  # fmt: skip
            refused(done, "is the list itself")
    refused(shell(f'"$R" batch - -o {source} < {source}'), "is the list itself")
    assert source.read_text() == LIST


def test_answers_and_rejects_to_the_same_place(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "old").touch()
    (tmp_path / "alias").symlink_to("old")
    out = str(tmp_path / "out")
    pairs = ((out, out), (out, f"{tmp_path}/sub/../out"), (f"{tmp_path}/old", f"{tmp_path}/alias"),
             ("-", "/dev/stdout"), ("/dev/stdout", "/dev/fd/1"))  # fmt: skip
    for one, other in pairs:
        refused(batch("-o", one, "--rejects", other), "is named twice")
    refused(batch("--rejects", "/dev/stdout"), "is named twice")
    refused(shell(f'echo "{LIST}" | "$R" batch - --rejects {out} > {out}'), "is named twice")
    refused(batch("--rejects", "-"), "rejects need a file")
    for pair in (("/dev/null", "/dev/null"), ("-", "/dev/null")):
        assert batch("-o", pair[0], "--rejects", pair[1]).returncode == 4
    assert batch("-q", "--rejects", out).returncode == 4


# ---- What is no file ----


def test_a_dash_is_standard_output() -> None:
    done = batch("-o", "-")
    assert (done.returncode, len(lines(done.stdout))) == (4, 2)


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_output_by_name(tmp_path: Path, name: str) -> None:
    done = batch("-o", name)
    assert (done.returncode, len(lines(done.stdout))) == (4, 2)
    log = tmp_path / "log"
    log.write_text("before\n")
    assert shell(f'echo "{LIST}" | "$R" batch - -o {name} >> {log}').returncode == 4
    before, *answers = log.read_text().splitlines()
    assert (before, len(answers)) == ("before", 2)


def test_standard_error_by_name() -> None:
    done = batch("--rejects", "/dev/stderr")
    header, reject, total = done.stderr.decode().splitlines()
    assert header == "line,column,reason,row"
    assert reject.startswith("4,bsa,")
    assert total.startswith("3 rows: 2 answered")


def test_process_substitution(tmp_path: Path) -> None:
    line = (f'echo "{LIST}" | "$R" batch - -o >(cat > {tmp_path}/out)'
            f" --rejects >(cat > {tmp_path}/rejects)")  # fmt: skip
    assert shell(line).returncode == 4
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        rejects = tmp_path / "rejects"
        if rejects.exists() and rejects.read_bytes().count(b"\n") == 2:
            break
        time.sleep(0.01)
    assert len(lines((tmp_path / "out").read_bytes())) == 2
    assert names(tmp_path) == ["out", "rejects"]


def test_a_pipe_by_name_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    assert batch("-o", str(pipe)).returncode == 4
    assert len(lines(reader.communicate(timeout=30)[0])) == 2
    assert pipe.is_fifo()


def test_a_device_stays_one() -> None:
    assert batch("-o", "/dev/null", "--rejects", "/dev/null").returncode == 4
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_list_from_a_pipe_by_name(tmp_path: Path) -> None:
    done = shell(f'"$R" batch <(printf "{LIST}")')
    assert (done.returncode, len(lines(done.stdout))) == (4, 2)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done = shell(f'printf "{LIST}" > {pipe} & "$R" batch {pipe}')
    assert (done.returncode, len(lines(done.stdout))) == (4, 2)


def test_lists_that_cannot_be_read(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "none.csv", "No such file"), (tmp_path, "Is a directory")):
        done = subprocess.run([COMMAND, "batch", str(path)], capture_output=True, check=False)
        refused(done, words, str(path))
    refused(shell('"$R" batch - <&-'), "standard input is closed")


# ---- An answer that is cut short ----

MANY = "id,bsa\n" + "".join(f"{number},{number % 90 / 10 + 1}\n" for number in range(3000))
UNBUFFERED = {**CLEAN, "PYTHONUNBUFFERED": "1"}


@FULL
@pytest.mark.parametrize("env", [CLEAN, UNBUFFERED], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("form", ["ndjson", "csv", "table"])
def test_a_full_disk(form: str, env: dict[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = batch("-f", form, stdout=full, env=env, text="bsa\n8\n")
    refused(done, "could not be written: No space left")
    done = batch("-f", form, "-o", "/dev/full", env=env, text="bsa\n8\n")
    refused(done, "'/dev/full': cannot be written: No space left")
    refused(batch("-o", "/dev/null", "--rejects", "/dev/full", env=env), "No space left")


@FULL
@pytest.mark.parametrize("env", [CLEAN, UNBUFFERED], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("form", ["table", "json", "note", "markdown", "html"])
def test_a_full_disk_is_no_answer(form: str, env: dict[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([COMMAND, "dose", "--bsa", "8", "-f", form], stdout=full, check=False,
                              stderr=subprocess.PIPE, env=env)  # fmt: skip
    refused(done, "could not be written: No space left")


def limited(blocks: int) -> Any:
    """Let no file of a process grow beyond some blocks of 1024 bytes."""
    import resource

    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (blocks * 1024, blocks * 1024))


@pytest.mark.parametrize("env", [CLEAN, UNBUFFERED], ids=["buffered", "unbuffered"])
def test_a_disk_that_becomes_full(tmp_path: Path, env: dict[str, str]) -> None:
    out = tmp_path / "out"
    out.write_text("old")
    done = batch("-o", str(out), text=MANY, preexec_fn=limited(100), env=env)
    refused(done, "out", "File too large")
    assert out.read_text() == "old"
    assert names(tmp_path) == ["out"]
    with (tmp_path / "stdout").open("wb") as file:
        done = batch(text=MANY, preexec_fn=limited(100), stdout=file, env=env)
    refused(done, "could not be written: File too large")
    with (tmp_path / "stdout").open("wb") as file:
        done = subprocess.run([COMMAND, "label", "-f", "json"], stdout=file, check=False, env=env,
                              stderr=subprocess.PIPE, preexec_fn=limited(20))  # fmt: skip
    refused(done, "could not be written: File too large")


READ_SLOWLY = """
import os, sys, time
time.sleep(0.3)
while some := os.read(0, 30000):
    sys.stdout.buffer.write(some)
    time.sleep(0.0001)
"""


@pytest.mark.parametrize("env", [CLEAN, UNBUFFERED], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(
    "arguments", [("batch", "-"), ("batch", "-", "-f", "csv"), ("label", "-f", "json"),
                  ("label", "--full"), ("batch", "-", "-o", "/dev/stdout")],
)  # fmt: skip
def test_a_pipe_that_does_not_wait_gets_all(
    tmp_path: Path, env: dict[str, str], arguments: Sequence[str]
) -> None:
    whole = subprocess.run([COMMAND, *arguments], input=MANY.encode(), capture_output=True,
                           check=False, env=CLEAN)  # fmt: skip
    read, write = os.pipe()
    os.set_blocking(write, False)
    with (tmp_path / "read").open("wb") as file:
        reader = subprocess.Popen([sys.executable, "-c", READ_SLOWLY], stdin=read, stdout=file)
    os.close(read)
    done = subprocess.run([COMMAND, *arguments], input=MANY.encode(), stdout=write, check=False,
                          stderr=subprocess.PIPE, env=env, timeout=60)  # fmt: skip
    os.close(write)
    assert reader.wait(timeout=60) == 0
    assert (tmp_path / "read").read_bytes() == whole.stdout
    assert (done.returncode, done.stderr) == (whole.returncode, whole.stderr)


def test_a_list_from_a_pipe_that_does_not_wait_is_read_to_its_end() -> None:
    read, write = os.pipe()
    os.set_blocking(read, False)
    process = subprocess.Popen([COMMAND, "batch", "-"], stdin=read, stdout=subprocess.PIPE)
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        for line in LIST.splitlines():
            time.sleep(0.1)
            pipe.write(line.encode() + b"\n")
            pipe.flush()
    out, _ = process.communicate(timeout=30)
    assert (process.returncode, len(lines(out))) == (4, 2)


def test_an_answer_comes_before_the_next_row_is_waited_for() -> None:
    process = subprocess.Popen([COMMAND, "batch", "-"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"id,bsa\na,8\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["id"] == "a"
    process.stdin.close()
    assert process.wait(timeout=30) == 0
    process.stdout.close()


@pytest.mark.parametrize("form", ["ndjson", "csv"])
@pytest.mark.parametrize("read", [0, 1])
def test_a_pipe_that_closes_early_ends_quietly(tmp_path: Path, form: str, read: int) -> None:
    list_of = "(echo id,bsa; yes $'1,8\\n1,x' | head -n 9000)"
    line = f'{list_of} | "$R" batch - -f {form} --rejects {tmp_path}/rejects | head -n {read}'
    done = shell(line)
    assert done.stdout.count(b"\n") == read
    assert done.stderr == b"", "a total of a list that nobody read to its end"
    assert names(tmp_path) == []


def test_a_pipe_by_name_that_closes_early_ends_quietly(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    rows = "(echo id,bsa; yes 1,8 | head -n 9000)"
    done = shell(f'head -n 1 {pipe} > /dev/null & {rows} | "$R" batch - -o {pipe}')
    assert (done.stdout, done.stderr) == (b"", b"")


def test_a_closed_pipe_ends_quietly_for_every_command() -> None:
    for arguments in ("label -f json", "label --full", "dose --bsa 8", "--help", "schema batch"):
        done = shell(f'"$R" {arguments} | true; echo "${{PIPESTATUS[0]}}"')
        assert (done.stdout, done.stderr) == (b"0\n", b""), arguments


def test_closed_streams() -> None:
    refused(shell(f'echo "{LIST}" | "$R" batch - >&-'), "standard output is closed")
    assert shell(f'echo "{LIST}" | "$R" batch - -q >&-').returncode == 4
    done = shell(f'echo "{LIST}" | "$R" batch - 2>&-')
    assert (done.returncode, len(lines(done.stdout))) == (4, 2)


def test_what_was_closed_is_no_file_of_ours(tmp_path: Path) -> None:
    source, out = tmp_path / "list.csv", tmp_path / "out"
    source.write_text(LIST)
    line = f'"$R" batch {source} -o {out} --rejects'
    refused(shell(f"{line} /dev/stdout >&-"), "'/dev/stdout': cannot be written: it is closed")
    assert shell(f"{line} /dev/stderr 2>&-").returncode == 2
    refused(shell(f'"$R" batch {source} -o /dev/stdout >&-'), "it is closed")
    assert names(tmp_path) == ["list.csv"]


def test_rejects_that_nobody_reads_are_not_lost_in_silence(tmp_path: Path) -> None:
    source, out = tmp_path / "list.csv", tmp_path / "out"
    source.write_text("bsa\n" + "x\n" * 20000)
    done = shell(f'"$R" batch {source} -o {out} --rejects >(exec true)')
    refused(done, "Broken pipe")
    assert names(tmp_path) == ["list.csv"]


def test_a_list_is_not_fed_with_its_own_answers(tmp_path: Path) -> None:
    source = tmp_path / "list.ndjson"
    source.write_text('{"bsa": 8}\n')
    refused(shell(f'timeout 20 "$R" batch {source} >> {source}'), "is the list itself")
    assert source.read_text() == '{"bsa": 8}\n'


def test_a_closed_standard_error_is_not_what_is_written_to(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert shell(f'echo "{LIST}" | "$R" batch - -o {out} 2>&-').returncode == 4
    assert len(lines(out.read_bytes())) == 2


# ---- Shortages are nobody's file's fault ----


def test_too_many_open_files_is_named_as_such(tmp_path: Path) -> None:
    source = tmp_path / "list.csv"
    source.write_text(LIST)
    seen = set()
    for limit in range(3, 9):
        done = shell(f'ulimit -n {limit}; "$R" batch {source} -o {tmp_path}/out')
        message = done.stderr.decode()
        assert "Traceback" not in message or "site" in message, message
        assert str(source) not in message.splitlines()[0] if done.returncode == 2 else True
        seen.add(message.strip() if done.returncode == 2 else done.returncode)
        assert [name for name in names(tmp_path) if name.endswith(".tmp")] == []
    assert 4 in seen


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is of Linux")
def test_out_of_memory_is_named_as_such(tmp_path: Path) -> None:
    source = tmp_path / "list.ndjson"
    values = ",".join(["1"] * 7_000_000)
    source.write_text(f'{{"bsa":8}}\n{{"bsa":8,"x":[{values}]}}\n')
    done = shell(f'ulimit -v 200000; "$R" batch {source} -o {tmp_path}/out')
    refused(done, "out of memory")
    assert "list" not in done.stderr.decode()
    assert names(tmp_path) == ["list.ndjson"]


def test_nothing_is_left_where_a_home_or_a_temporary_folder_is_missing(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "TMPDIR": "/nonexistent"}
    done = batch("-o", str(tmp_path / "out"), env=env)
    assert done.returncode == 4
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("flags", [("-O",), ("-W", "error"), ("-X", "dev"), ("-I",), ("-B", "-u")])
def test_the_flags_of_python_change_nothing(flags: Sequence[str]) -> None:
    command = [sys.executable, *flags, "-m", "ruxcalc", "batch", "-"]
    done = subprocess.run(command, input=LIST.encode(), capture_output=True, check=False, env=CLEAN)
    usual = batch()
    assert (done.returncode, done.stdout, done.stderr) == (4, usual.stdout, usual.stderr)


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8", "xx_XX.nonsense"])
def test_the_locale_changes_nothing(locale: str) -> None:
    text = "id,bsa,ward\né,8,ß\n"
    done = batch("-f", "csv", text=text, env={**CLEAN, "LC_ALL": locale, "LANG": locale})
    assert done.stdout.decode().splitlines()[1].startswith("2,é,ß,")


if shutil.which("bash") is None:
    pytest.skip("this system has no bash", allow_module_level=True)
