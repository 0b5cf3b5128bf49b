// The page around the program: loads it from the page itself, asks it, and shows what it says.
// It decides nothing: every answer and every message is the program's own.
"use strict";
const find = (id) => document.getElementById(id);
const form = find("form");

function bytesOf(id) {
  const text = find(id).textContent;
  find(id).remove();
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) bytes[at] = raw.charCodeAt(at);
  return bytes;
}

// Python's runtime fetches its two files: they are in the page, and nothing else can be fetched.
const FILES = {
  "pyodide.asm.wasm": () => new Response(
    new Response(bytesOf("wasm")).body.pipeThrough(new DecompressionStream("gzip")),
    { headers: { "Content-Type": "application/wasm" } }),
  "python_stdlib.zip": () => new Response(bytesOf("stdlib")),
};
globalThis.fetch = async (url) => FILES[String(url).split("/").pop()]();

let python = null;

async function start() {
  const begun = performance.now();
  const runtime = await loadPyodide({
    createPyodideModule: globalThis.createPyodideModule,
    indexURL: "page:/",
    lockFileContents: find("lock").textContent,
    env: { HOME: "/" },
  });
  runtime.FS.writeFile("/ruxcalc.zip", bytesOf("program"));
  runtime.runPython(find("python").textContent);
  python = { answer: runtime.globals.get("answer"), handout: runtime.globals.get("handout") };
  find("submit").disabled = false;
  find("status").textContent = "Ready.";
  document.body.dataset.ready = String(Math.round(performance.now() - begun));
}

const chosenRegions = () =>
  [...form.querySelectorAll("[name=region]:checked")].map((box) => box.value);

function asked() {
  return [...form.querySelectorAll(".item:not([hidden])")];
}

function question() {
  const inputs = {};
  for (const item of asked()) {
    const name = item.dataset.name;
    const value = new FormData(form).get(name);
    if (value === null || value.trim() === "") continue;
    inputs[name] = item.dataset.kind === "flag" ? value === "yes" : value;
  }
  return JSON.stringify({ regions: chosenRegions(), inputs });
}

function showAsked() {
  const regions = chosenRegions();
  for (const item of form.querySelectorAll(".item")) {
    item.hidden = !item.dataset.regions.split(" ").some((region) => regions.includes(region));
  }
}

function forget() {
  find("answer").hidden = true;
  for (const id of ["shown", "paper"]) find(id).removeAttribute("srcdoc");
  for (const id of ["note", "json"]) find(id).value = "";
  find("notes").replaceChildren();
  find("done").textContent = "";
  for (const line of form.querySelectorAll(".refusal")) line.hidden = true;
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  if (python) find("status").textContent = "Ready.";
}

function refuse(said) {
  find("status").textContent = `Not answered. ${said.message}`;
  const line = find(`${said.field}-refusal`);
  if (!line) return;
  line.textContent = said.message;
  line.hidden = false;
  const input = form.querySelector(`[name="${said.field}"]`);
  if (input.type === "text") input.setAttribute("aria-invalid", "true");
  input.focus();
}

async function show(frame, page) {
  frame.srcdoc = page;
  await new Promise((loaded) => frame.addEventListener("load", loaded, { once: true }));
  const height = frame.contentDocument.documentElement.scrollHeight;
  frame.height = String(height + 20);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  forget();
  if (!chosenRegions().length) return refuse({ field: "region", message: "Choose a label." });
  const said = JSON.parse(python.answer(question()));
  if (said.message) return refuse(said);
  find("note").value = said.note;
  find("json").value = said.json;
  find("notes").replaceChildren(...said.notes.map((text) => {
    const line = document.createElement("li");
    line.textContent = text;
    return line;
  }));
  find("answer").hidden = false;
  find("status").textContent = "Answered below.";
  await show(find("shown"), said.html);
  find("answer-title").focus();
});

// An answer stands only beside the form that it answers.
form.addEventListener("input", forget);
form.addEventListener("change", () => { forget(); showAsked(); });
form.addEventListener("reset", () => setTimeout(() => { forget(); showAsked(); }));

find("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(find("note").value);
  } catch {
    find("note").closest("details").open = true;
    find("note").select();
    document.execCommand("copy");
  }
  find("done").textContent = "The note is copied.";
});

find("print").addEventListener("click", () => find("shown").contentWindow.print());

find("handout").addEventListener("click", async () => {
  const said = JSON.parse(python.handout(question()));
  if (said.message) {
    find("done").textContent = `No handout. ${said.message}`;
    return;
  }
  find("paper").hidden = false;
  await show(find("paper"), said.html);
  find("done").textContent = "The handout is below. Review it before it is given.";
  find("paper").contentWindow.print();
});

const now = new Date();
const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
  .map((part) => String(part).padStart(2, "0")).join("-");
find("overdue").hidden = today <= find("overdue").dataset.due;
showAsked();
start().catch((error) => {
  find("status").textContent = `This browser cannot run the page: ${error.message}`;
});
