"""Run the tests under the newest Python: the one of Pyodide, in Node.js, without a browser.

python tools/run_in_pyodide.py [arguments of pytest]

The libraries are those that are installed here. Those with compiled code come in the same version,
built for Pyodide, from the package index. Needs npm and pip for the first run.
`tests/in_pyodide.py` says what is skipped.
"""

import json
import shutil
import subprocess
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path

from build_page import installed_pyodide, kept
from build_pyz import ROOT

COMPILED = ("pydantic-core", "hypothesis")
OPTIONS = ("-p", "in_pyodide", "-p", "no:cacheprovider", "-n", "0", "-r", "s", "--tb", "short")


def installed_libraries(pyodide: Path) -> Path:
    """Return the folder of the compiled libraries, installed by pip where it is not yet."""
    info = json.loads((pyodide / "pyodide-lock.json").read_text("utf-8"))["info"]
    python = info["python"].rpartition(".")[0]
    wanted = [f"{name}=={version(name)}" for name in COMPILED]

    def install(folder: Path) -> None:
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--no-deps", "--only-binary", ":all:"),
                *("--platform", f"pyemscripten_{info['abi_version']}_wasm32"),
                *("--implementation", "cp", "--python-version", python),
                *("--abi", f"cp{python.replace('.', '')}", "--target", str(folder), *wanted),
            ],
            check=True,
            capture_output=True,
        )

    return kept("-".join([info["abi_version"], *wanted]), install)


def main() -> None:
    """Run pytest with the arguments of the command line and end with its status."""
    node = shutil.which("node")
    try:
        assert node, "node is needed"
        pyodide = installed_pyodide()
        libraries = installed_libraries(pyodide)
    except (AssertionError, subprocess.CalledProcessError) as error:
        sys.exit(f"Pyodide cannot be had here: {error}")
    told = {
        "root": str(ROOT),
        "pyodide": str(pyodide),
        "libraries": str(libraries),
        "installed": sysconfig.get_path("purelib"),
        "words": [*OPTIONS, *sys.argv[1:]],
    }
    script = ROOT / "tests" / "node" / "pytest.mjs"
    sys.exit(subprocess.run([node, str(script), json.dumps(told)], check=False).returncode)


if __name__ == "__main__":
    main()
