import { Type } from "@sinclair/typebox";
import { literals } from "../../wire/fields.ts";
import { refusing } from "../../wire/refusal.ts";

const NamedTool = Type.Object({
  type: Type.Optional(Type.String({ description: "`function`." })),
  function: Type.Object(
    { name: Type.String({ description: "Name of the tool." }) },
    { description: "The tool that has to be called." },
  ),
});

/** As `/v1/responses` has it. Clients that come from there send it here too (`ollama-ai-provider-v2`, as of 4.0.1). */
const FlatNamedTool = Type.Object({
  type: Type.Optional(Type.String({ description: "`function`." })),
  name: Type.String({ description: "Name of the tool that has to be called." }),
  function: Type.Optional(Type.Never({ description: "Not beside `name`." })),
});

const VALUES = '"none", "auto", "required" or {"type": "function", "function": {"name": …}}';

/** Not in Ollama, whose clients ask for it (ollama/ollama#8421); the forms are OpenAI's. */
export const toolChoice = Type.Optional(
  refusing(
    Type.Union([...literals("none", "auto", "required"), NamedTool, FlatNamedTool], {
      description:
        "May the model call tools (`auto`, the default), must it (`required`, or one tool by name), or are the tools not shown to it (`none`)? A call that must be made has arguments by the tool's schema.",
    }),
    () => `tool_choice must be ${VALUES}`,
  ),
);
