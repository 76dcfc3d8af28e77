import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

type Schema = Record<string, unknown> | boolean;

const OPTIONS = { strict: false, logger: false } as const;

const draft7 = exactMultiples(addFormats.default(new Ajv(OPTIONS)));
const draft2020 = exactMultiples(addFormats.default(new Ajv2020(OPTIONS)));

/** An independent judge of JSON Schema: draft 7 where `$schema` says so, else draft 2020-12. */
export function validator(schema: Schema): (value: unknown) => boolean {
  const older = typeof schema === "object" && String(schema.$schema).includes("draft-07");
  const validate = (older ? draft7 : draft2020).compile(schema);
  return (value) => validate(value) === true;
}

/** Ajv divides doubles, by which 0.47 is no multiple of 0.01, and with a tolerance 20230719287.58 is none; decimals are exact. */
function exactMultiples<Validator extends Ajv>(ajv: Validator): Validator {
  ajv.removeKeyword("multipleOf");
  ajv.addKeyword({
    keyword: "multipleOf",
    type: "number",
    schemaType: "number",
    validate: (divisor: number, value: number) => isMultiple(value, divisor),
  });
  return ajv;
}

function isMultiple(value: number, divisor: number): boolean {
  const [of, by] = [decimal(value), decimal(divisor)];
  const places = Math.max(of.places, by.places);
  return (
    (of.digits * 10n ** BigInt(places - of.places)) % (by.digits * 10n ** BigInt(places - by.places)) === 0n
  );
}

/** The shortest decimal that reads as this double: `digits` / 10^`places`. */
function decimal(value: number): { digits: bigint; places: number } {
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  const places = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 };
}
