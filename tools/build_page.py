"""Build `ruxcalc.html`: the program in one page that is opened from a folder, without a network.

python tools/build_page.py -o ruxcalc.html

It holds Pyodide (Python for the browser, from npm, by the hashes of `tools/page`), this package,
Jinja2 and MarkupSafe, and a form that is made from the declarations of the inputs. Its policy
lets it load nothing from anywhere and run no script but its own. Needs npm for the first build;
`--pyodide FOLDER` takes Pyodide from a folder instead.
"""

import argparse
import base64
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from build_pyz import ROOT, bundle
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ruxcalc import __version__, api
from ruxcalc.cli.ask import FIRST
from ruxcalc.inputs import NONE, Input
from ruxcalc.labels import CAUTION, REGIONS, load_all
from ruxcalc.questionnaire import form_of
from ruxcalc.render.handout import render_handout_html
from ruxcalc.render.html import render_html
from ruxcalc.rules.basis import basis_of
from ruxcalc.rules.freshness import due_on
from ruxcalc.rules.questions import asked_inputs, contraindicates

PARTS = Path(__file__).parent / "page"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ruxcalc-pyodide"
BUNDLED = ("jinja2", "markupsafe")
MOMENT = (2020, 1, 1, 12, 0, 0)  # of every file in the archive
LAST = "All others"
EXPORT = "export default _createPyodideModule;"
ALL_OTHERS = "all_others_no"


class Item(NamedTuple):
    """One question of the form.

    Attributes:
        options: the values and words to choose from; none where something is typed.
        unit: what stands behind the field.
        keyboard: the keyboard that a phone shows.
        regions: the regions whose label speaks of it.

    """

    name: str
    kind: str
    question: str
    options: tuple[tuple[str, str], ...]
    unit: str
    keyboard: str
    definition: tuple[str, ...]
    regions: str


# ---- The form ----


def groups() -> list[tuple[str, list[Item]]]:
    """Return the questions in the groups of `ask`, with all the other inputs of `assess`."""
    labels = load_all()
    grouped: dict[str, list[Item]] = {FIRST: []}
    last = []
    for name, declared in asked_inputs(labels):
        if name == ALL_OTHERS:
            last.append(item(name, declared))
        elif declared.group == "warn" and contraindicates(declared, labels):
            grouped[FIRST].append(item(name, declared))
        else:
            grouped.setdefault(declared.panel, []).append(item(name, declared))
    return [*grouped.items(), (LAST, last)]


def item(name: str, declared: Input) -> Item:
    """Return the question of one input."""
    regions = [region for region in REGIONS if name in form_of((region,)).inputs]
    written = {"names": f"with commas; or {NONE}", "date": "YYYY-MM-DD", "dispensed": "with commas"}
    number = declared.kind in ("number", "repigmentation", "handprints")
    return Item(
        name=name,
        kind=declared.kind,
        question=declared.question,
        options=options(declared),
        unit=declared.unit or written.get(declared.kind, ""),
        keyboard="decimal" if number and not declared.low < 0 else "text",
        definition=definition(declared),
        regions=" ".join(regions),
    )


def options(declared: Input) -> tuple[tuple[str, str], ...]:
    """Return what can be chosen; the first, not asked, is chosen at first."""
    unasked = ("", "not asked")
    if declared.kind == "choice":
        return (unasked, *((word, word) for word in declared.choices))
    if declared.kind != "flag":
        return ()
    no = (("no", "no"),) if declared.negation else ()
    return (unasked, ("yes", "yes"), *no)


def definition(declared: Input) -> tuple[str, ...]:
    """Return what an input includes, excludes and accepts."""
    typed = declared.kind not in ("flag", "choice")
    parts = (
        ("Includes", declared.includes),
        ("Excludes", declared.excludes),
        ("Accepted", declared.accepted if typed else ""),
    )
    return tuple(f"{word}: {text}." for word, text in parts if text)


# ---- The page ----


def build(target: Path, pyodide: Path) -> Path:
    """Write the page to `target` and return it."""
    style = (PARTS / "page.css").read_text("utf-8")
    scripts = [
        ("", (pyodide / "pyodide.js").read_text("utf-8")),
        ("module", as_global((pyodide / "pyodide.asm.mjs").read_text("utf-8"))),
        ("module", (PARTS / "page.js").read_text("utf-8")),
    ]
    lock = json.loads((pyodide / "pyodide-lock.json").read_text("utf-8"))
    archive, licences = program()
    payload = {
        "wasm": base64_of(gzip.compress((pyodide / "pyodide.asm.wasm").read_bytes(), 9, mtime=0)),
        "stdlib": base64_of((pyodide / "python_stdlib.zip").read_bytes()),
        "program": base64_of(archive),
    }
    texts = {
        "lock": json.dumps({"info": lock["info"], "packages": {}}),
        "python": (PARTS / "answer.py").read_text("utf-8"),
    }
    labels = load_all()
    basis = basis_of(labels)
    editions = (f"{e.name} {e.edition}: {e.document}, {e.number}" for e in basis.editions.values())
    environment = Environment(
        loader=FileSystemLoader(PARTS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("page.html.j2").render(
        version=__version__,
        pyodide=json.loads((pyodide / "package.json").read_text("utf-8"))["version"],
        caution=CAUTION,
        editions="; ".join(editions),
        verified=basis.facts_verified,
        due=due_on(basis.facts_verified),
        regions=[(label.region, label.name) for label in labels],
        groups=groups(),
        policy=policy([text for _, text in scripts], [style, *styles_of_answers()]),
        style=style,
        payload=payload,
        texts=texts,
        scripts=scripts,
        licences=licences,
    )
    target.write_text(page, "utf-8")
    return target


def as_global(module: str) -> str:
    """Return Pyodide's module as one that a script of the same page can use."""
    body = module.rstrip()
    assert body.endswith(EXPORT), "another Pyodide: its module ends in another way"
    return f"{body.removesuffix(EXPORT)}globalThis.createPyodideModule = _createPyodideModule;"


def program() -> tuple[bytes, list[tuple[str, str]]]:
    """Return this package and its libraries as an archive, and their licences."""
    with tempfile.TemporaryDirectory() as folder:
        staged, licences = Path(folder) / "program", Path(folder) / "licences"
        licences.mkdir()
        unused = ("__pycache__", "cli", "batch", "table.py", "ics.py")
        shutil.copytree(
            ROOT / "src" / "ruxcalc", staged / "ruxcalc", ignore=shutil.ignore_patterns(*unused)
        )
        shutil.copy(ROOT / "LICENSE", licences / "ruxcalc.txt")
        for name in BUNDLED:
            bundle(name, staged, licences)
        texts = [(path.stem, path.read_text("utf-8")) for path in sorted(licences.iterdir())]
        return archived(staged), texts


def archived(folder: Path) -> bytes:
    """Return a folder as an archive; the same files give the same bytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = path.relative_to(folder).as_posix()
                opened.writestr(zipfile.ZipInfo(name, MOMENT), path.read_bytes(), 8)
    return archive.getvalue()


def styles_of_answers() -> list[str]:
    """Return the style of the answer and of the handout, which is the same in every one."""
    pages = (
        render_html(api.assess(bsa="1")),
        render_handout_html(api.handout(region=REGIONS[0], bsa="1")),
    )
    return [
        style for page in pages for style in re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    ]


def policy(scripts: list[str], styles: list[str]) -> str:
    """Return the Content-Security-Policy: these scripts, these styles, and nothing from outside.

    WebAssembly has a word of its own, which lets in no script.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'wasm-unsafe-eval' {' '.join(map(hash_of, scripts))}",
            f"style-src {' '.join(map(hash_of, styles))}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def hash_of(text: str) -> str:
    """Return the hash by which a policy names a script or a style."""
    return f"'sha256-{base64_of(hashlib.sha256(text.encode()).digest())}'"


def base64_of(data: bytes) -> str:
    """Return bytes as text."""
    return base64.b64encode(data).decode("ascii")


# ---- Pyodide ----


def installed_pyodide() -> Path:
    """Return the folder of Pyodide, installed by npm into the user's cache where it is not yet."""
    lock = (PARTS / "package-lock.json").read_bytes()
    place = kept(hashlib.sha256(lock).hexdigest()[:12], install_pyodide)
    return place / "node_modules" / "pyodide"


def install_pyodide(folder: Path) -> None:
    """Let npm install Pyodide into a folder."""
    npm = shutil.which("npm")
    assert npm, "npm is needed, or --pyodide"
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PARTS / name, folder)
    subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        check=True,
        capture_output=True,
    )


def kept(name: str, fill: Callable[[Path], None]) -> Path:
    """Return a folder of the user's cache; `fill` fills it where it is not there yet."""
    place = CACHE / name
    if not place.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as begun:
            folder = Path(begun) / name
            folder.mkdir()
            fill(folder)
            with suppress(OSError):  # another process may have been first
                folder.rename(place)
        assert place.is_dir()
    return place


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=Path("ruxcalc.html"))
    parser.add_argument("--pyodide", type=Path, help="a folder with the files of Pyodide")
    chosen = parser.parse_args()
    target = build(chosen.output, chosen.pyodide or installed_pyodide())
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
