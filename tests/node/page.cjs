// Uses `ruxcalc.html` as a person would, and prints what is seen. Arguments: the page, and a file
// of patients: for each its regions and its answers, name by name.
const { readFileSync } = require("node:fs");
const { load, withPage } = require("./browser.cjs");

const [path, file] = process.argv.slice(2);
const patients = JSON.parse(readFileSync(file, "utf-8"));
const axe = readFileSync(load.resolve("axe-core/axe.min.js"), "utf-8");
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1000, height: 900 };

async function opened(page, day) {
  await page.clock.setFixedTime(new Date(`${day}T12:00:00`));
  const begun = Date.now();
  await page.goto(`file://${path}`);
  await page.waitForFunction(() => document.body.dataset.ready, null, { timeout: 120_000 });
  return Date.now() - begun;
}

async function answer(page, { regions, inputs }) {
  await page.getByRole("button", { name: "Clear the form" }).click();
  for (const code of ["us", "eu", "uk"]) {
    await page.locator(`[name=region][value=${code}]`).setChecked(regions.includes(code));
  }
  for (const [name, value] of Object.entries(inputs)) {
    const typed = page.locator(`#${name}`);
    const word = { true: "yes", false: "no" }[String(value)] ?? value;
    if (await typed.count()) await typed.fill(word);
    else await page.locator(`[name="${name}"][value="${word}"]`).check();
  }
  await page.getByRole("button", { name: "Answer", exact: true }).click();
  const status = await page.locator("#status").innerText();
  return { status, json: await page.locator("#json").inputValue() };
}

async function serious(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { iframes: false }));
  return found.violations.filter((each) => ["serious", "critical"].includes(each.impact))
    .map((each) => `${each.id}: ${each.nodes[0].html.slice(0, 200)}`);
}

withPage(async (page, seen) => {
  const result = { axe: {}, width: {} };
  result.milliseconds = await opened(page, "2026-11-24");
  result.overdue = await page.locator("#overdue").isVisible();
  result.headings = await page.locator("form h2").allInnerTexts();
  result.text = await page.locator("header").innerText();
  result.answers = [];
  for (const patient of patients) result.answers.push(await answer(page, patient));

  // The last patient was answered; its page, note and handout.
  result.shown = await page.frameLocator("#shown").locator("body").innerText();
  result.note = await page.locator("#note").inputValue();
  await page.getByRole("button", { name: "Copy the note" }).click();
  await page.waitForFunction(() => document.getElementById("done").textContent);
  result.copied = await page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole("button", { name: "handout" }).click();
  await page.waitForSelector("#paper:not([hidden])");
  result.handout = await page.frameLocator("#paper").locator("body").innerText();
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const [name, size] of Object.entries({ desk: DESK, phone: PHONE })) {
      await page.setViewportSize(size);
      result.axe[`${scheme}-${name}`] = await serious(page);
      result.width[name] = await page.evaluate(() => document.documentElement.scrollWidth);
    }
  }
  await page.setViewportSize(DESK);
  for (const id of ["shown", "paper"]) {
    const alone = await page.context().newPage();
    await alone.setContent(await page.locator(`#${id}`).getAttribute("srcdoc"));
    result.axe[id] = await serious(alone);
    await alone.close();
  }

  // An answer goes as soon as the form is another.
  await page.locator("#bsa").fill("9");
  result.stale = await page.locator("#answer").isVisible();

  // By the keyboard alone: a number, a choice by arrows, Enter.
  await page.getByRole("button", { name: "Clear the form" }).click();
  await page.locator("#bsa").focus();
  await page.keyboard.type("8,5");
  await page.keyboard.press("Enter");
  result.refused = {
    status: await page.locator("#status").innerText(),
    line: await page.locator("#bsa-refusal").innerText(),
    focused: await page.evaluate(() => document.activeElement.id),
    invalid: await page.locator("#bsa").getAttribute("aria-invalid"),
  };
  const labels = page.locator("[name=region]");
  for (const label of await labels.all()) await label.uncheck();
  await page.getByRole("button", { name: "Answer" }).click();
  result.noLabel = await page.locator("#status").innerText();
  for (const label of await labels.all()) await label.check();
  await page.locator("#bsa").focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("8");
  await page.locator("[name=pregnant]:checked").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "answer-title");
  result.byKeys = await page.locator("#json").inputValue();
  await page.getByRole("button", { name: "handout" }).click();
  await page.waitForFunction(() => document.getElementById("done").textContent);
  result.noHandout = await page.locator("#done").innerText();

  result.stored = await page.evaluate(async () => [localStorage.length, sessionStorage.length,
    document.cookie, (await indexedDB.databases()).length, (await caches.keys().catch(() => []))
      .length]);
  // Whatever a script in the page might try, the policy lets nothing out.
  result.requests = [...seen.requests];
  // The clock of the test is a script, and the frames of the answers let none run.
  result.errors = seen.errors.filter((text) => !text.includes("frame is sandboxed"));
  result.blocked = await page.evaluate(async () => {
    const refused = [];
    document.addEventListener("securitypolicyviolation",
      (event) => refused.push(event.effectiveDirective));
    const request = new XMLHttpRequest();
    try { request.open("GET", "https://example.invalid/"); request.send(); } catch { /* blocked */ }
    new Image().src = "https://example.invalid/x.png";
    try { new WebSocket("wss://example.invalid/"); } catch { /* blocked */ }
    const script = document.createElement("script");
    script.textContent = "globalThis.injected = true";
    document.body.append(script);
    await new Promise((done) => { setTimeout(done, 300); });
    return { refused: [...new Set(refused)].sort(), injected: Boolean(globalThis.injected) };
  });

  // Years later.
  await opened(page, "2029-01-05");
  result.years = { overdue: await page.locator("#overdue").innerText(),
    ...await answer(page, { regions: ["eu"], inputs: { bsa: "8" } }) };
  return result;
}, { viewport: DESK, permissions: ["clipboard-read", "clipboard-write"] }).catch((error) => {
  console.error(error);
  process.exit(1);
});
