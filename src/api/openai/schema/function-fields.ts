import { Type } from "@sinclair/typebox";
import { jsonObject, nullable } from "../../wire/fields.ts";

/** The fields of a function's definition, in chat completions and in responses alike. */
export const functionFields = {
  name: Type.String({ minLength: 1, description: "Its name." }),
  description: Type.Optional(nullable(Type.String({ description: "What it does and when to use it." }))),
  parameters: Type.Optional(nullable(jsonObject("JSON Schema of its arguments, an object."))),
  strict: Type.Optional(
    nullable(
      Type.Boolean({
        description:
          "Arguments follow the schema wherever `tool_choice` demands a call; elsewhere this is warned about.",
      }),
    ),
  ),
};
