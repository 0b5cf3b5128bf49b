// Shows questionnaires in LHC-Forms, fills them as a person would, and prints what it exports.
// Arguments: the folder of LHC-Forms, a page to write, and a file of [questionnaire, answers].
const { readFileSync, writeFileSync } = require("node:fs");
const { withPage } = require("./browser.cjs");

const [folder, place, file] = process.argv.slice(2);
const dist = `file://${folder}/package/dist/lforms`;
const scripts = ["webcomponent/assets/lib/zone.min.js", "webcomponent/lhc-forms.js",
  "fhir/R4/lformsFHIR.min.js"];
writeFileSync(place, `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Form</title>
<link rel="stylesheet" href="${dist}/webcomponent/styles.css"></head>
<body><div id="form"></div>
${scripts.map((script) => `<script src="${dist}/${script}"></script>`).join("")}</body></html>`);

const field = (page, name, number) => page.locator(`[id="${name}/1/${number}"]`);

async function typed(page, name, number, text) {
  await field(page, name, number).click();
  await page.keyboard.type(text);
  await page.keyboard.press("Tab");
}

// How a person answers each kind of question.
const ANSWER = {
  number: (page, name, text) => typed(page, name, 1, text),
  async names(page, name, texts) {
    for (const [at, text] of texts.entries()) {
      if (at) await page.locator(`[id="add-${name}/1/${at}"]`).click();
      await typed(page, name, at + 1, text);
    }
  },
  async choice(page, name, word) {
    await field(page, name, 1).click();
    await page.locator("#completionOptions li").filter({ hasText: new RegExp(`\\s${word}$`) }).click();
  },
  radio: (page, name, word) => page.locator(`input[name^="radiogroup_${name}/"]`).first()
    .locator("xpath=ancestor::*[count(.//input[@type='radio'])=3][1]")
    .getByText(word, { exact: true }).click(),
  async date(page, name, text) { // as the field asks for it: month, day, year
    const [year, month, day] = text.split("-");
    const input = page.locator(`[id="${name}/1/1"] input, input[id="${name}/1/1"]`).first();
    await input.click();
    await page.keyboard.type(`${month}/${day}/${year}`);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
  },
};

withPage(async (page, seen) => {
  await page.goto(`file://${place}`);
  const exported = [];
  for (const [questionnaire, answers] of JSON.parse(readFileSync(file, "utf-8"))) {
    await page.evaluate((form) => {
      document.getElementById("form").replaceChildren();
      return LForms.Util.addFormToPage(form, "form", { fhirVersion: "R4" })
        .catch((errors) => { throw new Error([errors].flat().map(String).join("; ")); });
    }, questionnaire);
    await page.waitForSelector('[id="bsa/1/1"]');
    for (const [name, kind, value] of answers) await ANSWER[kind](page, name, value);
    exported.push(await page.evaluate(
      () => LForms.Util.getFormFHIRData("QuestionnaireResponse", "R4")));
    exported.at(-1).shown = await page.locator("#form").innerText();
  }
  return { exported, ...seen };
}, { viewport: { width: 1100, height: 1000 } }).catch((error) => {
  console.error(error);
  process.exit(1);
});
