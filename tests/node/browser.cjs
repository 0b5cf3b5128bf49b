// Starts Chromium with a page on which every request is noted and every error is kept.
const { createRequire } = require("node:module");

const load = createRequire(`${process.env.PACKAGES}/`);
const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking",
];

exports.load = load;
exports.withPage = async (use, options = {}) => {
  const { chromium } = load("playwright-core");
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ARGUMENTS });
  try {
    const page = await (await browser.newContext(options)).newPage();
    page.setDefaultTimeout(90_000); // a machine may be busy
    const seen = { requests: [], errors: [] };
    page.on("request", (request) => seen.requests.push(request.url().slice(0, 200)));
    page.on("pageerror", (error) => seen.errors.push(error.message));
    page.on("console", (line) => {
      if (line.type() === "error") seen.errors.push(line.text());
    });
    console.log(JSON.stringify(await use(page, seen)));
  } finally {
    await browser.close();
  }
};
