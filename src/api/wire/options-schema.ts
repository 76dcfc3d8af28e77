import {
  type TArray,
  type TBoolean,
  type TNull,
  type TNumber,
  type TOptional,
  type TSchema,
  type TString,
  type TUnion,
  Type,
} from "@sinclair/typebox";
import { OPTION_NAMES, OPTIONS, type OptionName, type OptionType } from "../../intent/option-table.ts";
import { REQUEST } from "./documented.ts";
import { ofGoType } from "./go-sentence.ts";
import { verbatim } from "./normalise.ts";
import { type Refusal, refusing } from "./refusal.ts";

interface Schemas {
  integer: TNumber;
  float32: TNumber;
  boolean: TBoolean;
  array: TArray<TString>;
}

/** Where an option is an integer, any number is accepted, and cut to an integer (docs/behaviour: api-native §2). */
const SCHEMAS: { [Type in OptionType]: (description: string) => Schemas[Type] } = {
  integer: (description) =>
    Type.Number({ description: `${description} A whole number; a fraction is cut off.` }),
  float32: (description) => Type.Number({ description }),
  boolean: (description) => Type.Boolean({ description }),
  array: (description) => Type.Array(Type.String({ description: "A text." }), { description }),
};

/** A row of the table as a field. An option that is null counts as absent. */
function fieldOf(name: OptionName): TSchema {
  const { type, description } = OPTIONS[name];
  const value = Type.Union([SCHEMAS[type](description), Type.Null()]);
  const words: Refusal = (given, path) => {
    const wrongItem = type === "array" && Array.isArray(given);
    return `option "${path.at(-1)}" must be of ${wrongItem ? "an array of strings" : `type ${type}`}`;
  };
  return Type.Optional(refusing(value, words));
}

type Fields = {
  [Name in OptionName]: TOptional<TUnion<[Schemas[(typeof OPTIONS)[Name]["type"]], TNull]>>;
};
const properties = Object.fromEntries(OPTION_NAMES.map((name) => [name, fieldOf(name)])) as Fields;

/** A map in Go: its keys count as they are spelled. */
const optionMap = (title: string, description: string) =>
  ofGoType(
    "map[string]interface {}",
    verbatim(
      Type.Object(properties, {
        title,
        description,
        additionalProperties: true,
        [REQUEST]: { required: [] },
      }),
    ),
  );

export const Options = optionMap(
  "Options",
  "Options of one request. They override the model's PARAMETERs; unknown ones are ignored with a warning.",
);

export const Parameters = optionMap(
  "Parameters",
  "PARAMETERs of a model: the options of every request that does not set them. Added to the inherited ones; unknown ones are refused.",
);
