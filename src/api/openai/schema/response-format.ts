import { type Static, Type } from "@sinclair/typebox";
import { isRecord } from "../../../lib/is-record.ts";
import { NULLABLE_FIELDS } from "../../wire/documented.ts";
import { flag, jsonObject, text } from "../../wire/fields.ts";
import { indexed, type Path, refusing } from "../../wire/refusal.ts";

/** The type may have any case and blanks around it (docs/behaviour: api-openai §3.1), so the translation checks it, not the schema. */
const formatType = Type.Unsafe<"text" | "json_object" | "json_schema">(
  Type.String({
    enum: ["text", "json_object", "json_schema"],
    description: "Any JSON, JSON by a schema, or any text.",
  }),
);

const DESCRIPTION =
  "Keeps the answer to a format: type `json_object` for any JSON object, `json_schema` for a JSON Schema, `text`, the default. A schema that cannot be enforced is refused.";

const schema = Type.Optional(jsonObject("The JSON Schema."));
const naming = {
  name: text("Its name, which nothing depends on."),
  description: text("What it is for, which nothing depends on."),
  strict: flag("Nothing depends on it: a schema is always enforced."),
};

/** The refusal of a format; for one that lacks its schema it says where the schema belongs. */
const invalidFormat = (schemaPath: string) => (format: unknown, path: Path) => {
  if (!isRecord(format)) return `${indexed(path)} must be an object`;
  return format.type === "json_schema"
    ? `${indexed(path)} of type json_schema needs a ${schemaPath}`
    : `${indexed(path)} type must be "text", "json_object" or "json_schema", not ${JSON.stringify(format.type)}`;
};

/** As chat completions have it. */
export const ChatResponseFormat = refusing(
  Type.Object(
    {
      type: formatType,
      json_schema: Type.Optional(
        Type.Object(
          { ...naming, schema },
          {
            ...NULLABLE_FIELDS,
            title: "ChatJsonSchema",
            description: "With type `json_schema`: the schema.",
          },
        ),
      ),
      schema: Type.Optional(jsonObject("Not OpenAI's. With type `json_object`: a JSON Schema.")),
    },
    { ...NULLABLE_FIELDS, title: "ChatResponseFormat", description: DESCRIPTION },
  ),
  invalidFormat("json_schema.schema"),
);
export type ChatResponseFormat = Static<typeof ChatResponseFormat>;

/** As responses have it. */
export const TextFormat = refusing(
  Type.Object(
    { type: formatType, ...naming, schema },
    { ...NULLABLE_FIELDS, title: "ResponseTextFormat", description: DESCRIPTION },
  ),
  invalidFormat("schema"),
);
export type TextFormat = Static<typeof TextFormat>;
