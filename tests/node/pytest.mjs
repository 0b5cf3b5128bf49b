// Run pytest in Pyodide. The one argument is JSON: folders, and the words of its command line.
import { writeSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";

const MEGABYTES = 64; // of stack: values that a test nests deep ask for more than Node gives
const RUN = `
import os, site, sys, sysconfig

print("Python", sys.version)
sys.path[:0] = [libraries, os.path.join(root, "tests")]
site.addsitedir(sysconfig.get_path("purelib"))
os.chdir(root)

import pytest

int(pytest.main([*words]))
`;

async function run({ root, pyodide, libraries, installed, words }) {
    const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
    const env = { PYTHONDONTWRITEBYTECODE: "1", HYPOTHESIS_STORAGE_DIRECTORY: "/tmp/hypothesis" };
    const python = await loadPyodide({ indexURL: pyodide, env });
    // A worker has no descriptors of its own.
    python.setStdin({ read: () => 0 });
    python.setStdout({ write: (bytes) => writeSync(1, bytes) });
    python.setStderr({ write: (bytes) => writeSync(2, bytes) });
    // The repository stands where it stands outside, for a library that is installed from there.
    python.mountNodeFS(root, root);
    python.mountNodeFS("/libraries", libraries);
    python.mountNodeFS(python.runPython("import sysconfig; sysconfig.get_path('purelib')"), installed);
    const globals = python.toPy({ root, libraries: "/libraries", words });
    return python.runPython(RUN, { globals });
}

if (isMainThread) {
    const script = new URL(import.meta.url);
    const workerData = JSON.parse(process.argv[2]);
    const worker = new Worker(script, { workerData, resourceLimits: { stackSizeMb: MEGABYTES } });
    worker.on("exit", (status) => process.exit(status));
} else {
    process.exitCode = await run(workerData);
}
