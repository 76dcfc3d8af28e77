import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

type Schema = Record<string, unknown> | boolean;

// Without a precision 0.47 would be no multiple of 0.01.
const OPTIONS = { strict: false, logger: false, multipleOfPrecision: 9 } as const;

const draft7 = addFormats.default(new Ajv(OPTIONS));
const draft2020 = addFormats.default(new Ajv2020(OPTIONS));

/** An independent judge of JSON Schema: draft 7 where `$schema` says so, else draft 2020-12. */
export function validator(schema: Schema): (value: unknown) => boolean {
  const older = typeof schema === "object" && String(schema.$schema).includes("draft-07");
  const validate = (older ? draft7 : draft2020).compile(schema);
  return (value) => validate(value) === true;
}
