import { type Static, type TProperties, type TSchema, Type } from "@sinclair/typebox";
import { isRecord } from "../../../../lib/is-record.ts";
import { jsonObject, literals, nullable } from "../../../wire/fields.ts";
import { indexed, type Path, type Refusal, RefusedValue, refusing } from "../../../wire/refusal.ts";
import { InputAudio } from "../../schema/content.ts";
import { ResponsesTool } from "./tool.ts";

/** The path of the item or part that has a field. */
const owner = (path: Path): string => indexed(path.slice(0, -1));

const mustBeText: Refusal = (_, path) => `${owner(path)}: ${path.at(-1)} must be a string`;
const text = (description: string) => refusing(Type.String({ description }), mustBeText);
const optional = <T extends TSchema>(schema: T) => Type.Optional(nullable(schema));
const optionalText = (description: string) => optional(Type.String({ description }));

const literal = <T extends string>(type: T) => Type.Literal(type, { description: `\`${type}\`.` });
const anything = (description: string) => optional(Type.Array(jsonObject("As it came."), { description }));

const ContentPart = Type.Union(
  [
    Type.Object(
      {
        type: Type.Union([literal("input_text"), literal("text")], { description: "`input_text`." }),
        text: Type.String({ description: "The text." }),
      },
      { title: "ResponseInputText", description: "A text." },
    ),
    Type.Object(
      {
        type: literal("output_text"),
        text: Type.String({ description: "The text." }),
        annotations: anything("As they came."),
        logprobs: anything("As they came."),
      },
      { title: "ResponseEarlierText", description: "A text of an earlier answer." },
    ),
    Type.Object(
      { type: literal("refusal"), refusal: Type.String({ description: "The text." }) },
      { title: "ResponseInputRefusal", description: "A refusal, which is read as a text." },
    ),
    Type.Object(
      {
        type: literal("input_image"),
        image_url: Type.String({
          description: "A data URL, or the URL of a host that the server fetches images from.",
        }),
        detail: optionalText("Not looked at."),
      },
      { title: "ResponseInputImage", description: "An image." },
    ),
    Type.Object(
      { type: literal("input_audio"), input_audio: InputAudio },
      { title: "ResponseInputAudio", description: "A sound." },
    ),
  ],
  { description: "A part." },
);
export type WirePart = Static<typeof ContentPart>;

/** The refusal of an invalid part of a content. */
const invalidPart: Refusal = (part, path) => {
  const { type, image_url, file_id } = isRecord(part) ? part : {};
  if (type === "input_file") return "file inputs are not currently supported";
  if (type === "input_audio") return "invalid input_audio";
  if (type === "input_image" && typeof image_url !== "string") {
    return file_id === undefined ? "input_image has no image_url" : "images by file_id are not supported";
  }
  const place = indexed(path.slice(0, 2));
  return `${place}: content[${path.at(-1)}]: unknown content type: ${typeof type === "string" ? type : ""}`;
};

const Content = refusing(
  Type.Union([Type.String(), Type.Array(refusing(ContentPart, invalidPart))], {
    description: "A text, or parts of it.",
  }),
  (value, path) =>
    Array.isArray(value) ? undefined : `${owner(path)}: content must be a string or an array`,
);
export type WireContent = Static<typeof Content>;

const ROLES = ["user", "assistant", "system", "developer"] as const;

/** The refusal of an unknown role. Roles may have any case, so the translation checks them, not the schema. */
export const invalidRole = (place: string): string => `${place}: role must be one of ${ROLES.join(", ")}`;
export const isRole = (role: string): role is (typeof ROLES)[number] => ROLES.some((each) => each === role);

/** An item of one type, with the fields that all items may have. */
const item = <P extends TProperties>(title: string, description: string, properties: P) =>
  Type.Object(
    {
      ...properties,
      id: optionalText("The item's id."),
      status: optionalText("As it came; default `completed`."),
    },
    { title, description },
  );

const called = {
  call_id: text("The call's id."),
  name: text("Name of the tool."),
  namespace: optionalText("The namespace of the tool, where it has one."),
};
const texts = (description: string) =>
  optional(
    Type.Array(Type.Object({ text: optionalText("The text.") }, { description: "A part." }), { description }),
  );

const outputOf = <T extends string>(title: string, type: T) =>
  item(title, "What came of a call.", {
    type: literal(type),
    call_id: text("The id of the call."),
    output: Content,
  });

/** Types of items of tools that OpenAI's servers run: their results are in the messages that follow. */
const HOSTED_ITEMS = [
  ...["web_search_call", "file_search_call", "code_interpreter_call", "image_generation_call"],
  ...["computer_call", "computer_call_output", "local_shell_call", "local_shell_call_output"],
  ...["shell_call", "shell_call_output", "apply_patch_call", "apply_patch_call_output"],
  ...["mcp_list_tools", "mcp_call", "mcp_approval_request", "mcp_approval_response", "tool_search_call"],
  ...["program", "program_output", "configuration_update"],
  // Notes of Codex and of the API about a conversation.
  ...["compaction", "context_compaction", "compaction_trigger", "ghost_snapshot"],
] as const;

const HostedItem = Type.Object(
  { type: Type.Union(literals(...HOSTED_ITEMS), { description: "Its kind." }) },
  {
    title: "ResponseHostedItem",
    description: "What a hosted tool did. It is left out, which a `Warning` tells.",
    additionalProperties: true,
  },
);
export type HostedItem = Static<typeof HostedItem>;

export const isHostedItem = (item: object): item is HostedItem =>
  "type" in item && HOSTED_ITEMS.some((each) => each === item.type);

const LOADING_ITEMS = ["tool_search_output", "additional_tools"] as const;

/** Tools that become known within a conversation: a client has searched for them, or adds them. */
const LoadedTools = Type.Object(
  {
    type: Type.Union(literals(...LOADING_ITEMS), { description: "Its kind." }),
    tools: Type.Array(ResponsesTool, { description: "Tools that the model may call." }),
  },
  {
    title: "ResponseLoadedTools",
    description: "Tools beside those of `tools`. One that is there already stays as it is.",
    additionalProperties: true,
  },
);
type LoadedTools = Static<typeof LoadedTools>;

export const loadsTools = (item: object): item is LoadedTools =>
  "type" in item && LOADING_ITEMS.some((each) => each === item.type);

const Message = item("ResponseInputMessage", "A message.", {
  type: Type.Optional(literal("message")),
  role: Type.Unsafe<(typeof ROLES)[number]>(Type.String({ enum: [...ROLES], description: "Who speaks." })),
  content: Content,
});
export type WireMessageItem = Static<typeof Message>;

const itemId = Type.String({ description: "Id of an item of a response that is kept." });

/** References may leave out their type, or have null for it: an item with nothing but an id is one. */
const References = [
  Type.Object(
    { type: literal("item_reference"), id: optionalText("Id of an item of a response that is kept.") },
    { title: "ResponseItemReference", description: "An item that is kept." },
  ),
  Type.Object(
    { id: itemId },
    { title: "ResponseBareReference", description: "The same.", additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Union([literal("item_reference"), Type.Null()], { description: "Null." }), id: itemId },
    { title: "ResponseNullReference", description: "The same.", additionalProperties: false },
  ),
] as const;
type ItemReference = Static<(typeof References)[number]>;

const InputItem = Type.Union(
  [
    Message,
    item("ResponseInputReasoning", "What the model thought.", {
      type: literal("reasoning"),
      summary: texts("Its summary."),
      content: texts("All of it."),
      encrypted_content: optionalText("The text once more, where it was asked for."),
    }),
    item("ResponseInputFunctionCall", "A call that the model made.", {
      type: literal("function_call"),
      ...called,
      arguments: text("Its arguments, an object as JSON text."),
    }),
    item("ResponseInputCustomCall", "A call of a custom tool.", {
      type: literal("custom_tool_call"),
      ...called,
      input: text("What it was called with."),
    }),
    outputOf("ResponseInputFunctionOutput", "function_call_output"),
    outputOf("ResponseInputCustomOutput", "custom_tool_call_output"),
    ...References,
    LoadedTools,
    HostedItem,
  ],
  { description: "An item." },
);
export type WireItem = Static<typeof InputItem>;

/** An item that the request brings along. */
export type OwnItem = Exclude<WireItem, HostedItem | LoadedTools | ItemReference>;

export const isReference = (item: WireItem): item is ItemReference => {
  const type = "type" in item ? item.type : undefined;
  return type === "item_reference" || (!("role" in item) && (type === undefined || type === null));
};

export const isOwnItem = (item: WireItem): item is OwnItem =>
  !isReference(item) && !isHostedItem(item) && !loadsTools(item);

const TYPES = InputItem.anyOf.flatMap(({ properties }) =>
  "type" in properties && "const" in properties.type ? [properties.type.const] : [],
);

/** The refusal of a value that is no item. */
const invalidItem: Refusal = (value, path) => {
  const { type, role } = isRecord(value) ? value : {};
  const place = indexed(path);
  if (type === undefined && role === undefined) return `${place}: input item missing required 'type' field`;
  const known =
    type === undefined || [...TYPES, ...HOSTED_ITEMS, ...LOADING_ITEMS].some((each) => each === type);
  if (!known) return `${place}: unknown input item type: ${JSON.stringify(type)}`;
  const isMessage = type === undefined || type === "message";
  if (!isMessage || typeof role === "string") return undefined;
  return new RefusedValue([...path, "role"], `${place}: role must be a string`);
};

export const WireItem = refusing(InputItem, invalidItem);

export const ResponseInput = refusing(
  Type.Union([Type.String(), Type.Array(WireItem)], {
    description:
      "A text, which is the user's message, or items: messages, calls with what came of them, what the model thought, and `item_reference` for an item of a response that is kept. Images are read where a model can see; files are refused.",
  }),
  (value) => (Array.isArray(value) ? undefined : "input must be a string or array"),
);
