import type { Think } from "../../intent/generate.ts";
import type { Message, ToolCall, ToolDefinition } from "../../intent/message.ts";
import { isRecord } from "../../lib/is-record.ts";
import { toGoJson } from "./go-json.ts";
import {
  fromJson,
  type GoList,
  type GoMap,
  type GoStruct,
  type GoValue,
  goList,
  goMap,
  INTERFACE,
} from "./value.ts";

/** How JSON spells a struct's fields: `name`, with a `?` at the end for `omitempty`. */
type JsonNames = Record<string, string>;

function struct(type: string, fields: Record<string, GoValue>, names: JsonNames = {}): GoStruct {
  const json = Object.entries(names).map(
    ([field, name]) => [field, { name: name.replace("?", ""), omitEmpty: name.endsWith("?") }] as const,
  );
  return {
    kind: "struct",
    type,
    isPointer: false,
    fields: new Map(Object.entries(fields)),
    json: new Map(json),
  };
}

/** A list that is nil when there is nothing to put into it. */
const list = (element: string, items: readonly GoValue[]): GoList => ({
  ...goList(items, element),
  isNil: items.length === 0,
});

const printingJson = <T extends GoStruct | GoMap | GoList>(value: T): T => ({
  ...value,
  print: () => toGoJson(value),
});

/** A struct that prints as JSON, where Go would print its fields without their names. */
const jsonStruct = (type: string, fields: Record<string, GoValue>, names: JsonNames): GoStruct =>
  printingJson(struct(type, fields, names));

const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const array = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
/** A list that prints as JSON; an empty one prints as such, though Go's is nil. */
function jsonList(element: string, items: readonly GoValue[]): GoList {
  const plain = list(element, items);
  return { ...plain, print: () => (plain.isNil ? "[]" : toGoJson(plain)) };
}

const texts = (value: unknown): GoList => jsonList("string", array(value).map(text));

/** A client's JSON keeps its order all the way down, and prints as JSON at any depth. */
function clientJson(value: unknown): GoValue {
  if (Array.isArray(value)) return printingJson(goList(value.map(clientJson)));
  if (!isRecord(value)) return fromJson(value);
  return orderedMap(
    `map[string]${INTERFACE}`,
    INTERFACE,
    Object.entries(value).map(([key, member]) => [key, clientJson(member)]),
  );
}

const anything = (value: unknown): GoValue => ({
  kind: "interface",
  value: value === undefined || value === null ? undefined : clientJson(value),
});

/** A map with an order of its own: the client's, which is the order that the model should see. Prints as JSON. */
function orderedMap(type: string, element: string, entries: [string, GoValue][]): GoMap {
  return printingJson({ ...goMap(entries, element), type, ordered: true });
}

/** A property's type: one name prints bare, several as Go prints a list; JSON has a string or an array. */
function propertyType(value: unknown): GoList {
  const names = typeof value === "string" ? [value] : array(value).map(text);
  const plain = { ...list("string", names), type: "chat.PropertyType" };
  return {
    ...plain,
    print: () => (names.length > 1 ? `[${names.join(" ")}]` : (names[0] ?? "")),
    toJson: () => toGoJson(names.length === 1 ? names[0] : plain),
  };
}

function property(value: unknown): GoStruct {
  const { anyOf, type, items, description, enum: values, properties, required } = record(value);
  return jsonStruct(
    "chat.Property",
    {
      AnyOf: jsonList("chat.Property", array(anyOf).map(property)),
      Type: propertyType(type),
      Items: anything(items),
      Description: text(description),
      Enum: jsonList(INTERFACE, array(values).map(clientJson)),
      Properties: propertyMap(properties),
      Required: texts(required),
    },
    {
      AnyOf: "anyOf?",
      Type: "type?",
      Items: "items?",
      Description: "description?",
      Enum: "enum?",
      Properties: "properties?",
      Required: "required?",
    },
  );
}

const propertyMap = (value: unknown): GoMap =>
  orderedMap(
    "chat.Properties",
    "chat.Property",
    Object.entries(record(value)).map(([name, member]) => [name, property(member)]),
  );

function parameters(value: unknown): GoStruct {
  const { type, $defs, items, required, properties } = record(value);
  return jsonStruct(
    "chat.Parameters",
    {
      Type: text(type),
      Defs: anything($defs),
      Items: anything(items),
      Required: texts(required),
      Properties: propertyMap(properties),
    },
    { Type: "type", Defs: "$defs?", Items: "items?", Required: "required?", Properties: "properties" },
  );
}

function tool(definition: ToolDefinition): GoStruct {
  const described = record(definition.function);
  const fn = jsonStruct(
    "chat.Function",
    {
      Name: text(described.name),
      Description: text(described.description),
      Parameters: parameters(described.parameters),
    },
    { Name: "name", Description: "description", Parameters: "parameters" },
  );
  return jsonStruct(
    "chat.Tool",
    { Type: text(definition.type), Items: anything(definition.items), Function: fn },
    { Type: "type", Items: "items?", Function: "function" },
  );
}

/**
 * `.Tools` (docs/behaviour: modelfile §2.1). Property order is the client's; schema keywords that Ollama's types do not have are left out.
 * @param tools undefined prints `null`, an empty list `[]`.
 */
export const goTools = (tools: readonly ToolDefinition[] | undefined): GoList =>
  printingJson({
    ...goList((tools ?? []).map(tool), "chat.Tool"),
    type: "chat.Tools",
    isNil: tools === undefined,
  });

/** A call as its JSON is shown to a model; the index is left out of that. */
function toolCall({ id = "", name, arguments: given }: ToolCall, index: number): GoStruct {
  const entries = Object.entries(given).map(([key, value]): [string, GoValue] => [key, clientJson(value)]);
  const shown = { Name: name, Arguments: orderedMap("chat.Arguments", INTERFACE, entries) };
  const names = { Name: "name", Arguments: "arguments" };
  const print = () => toGoJson(struct("chat.CallFunction", shown, names));
  const called = { ...struct("chat.CallFunction", { Index: BigInt(index), ...shown }), print };
  return {
    ...struct("chat.ToolCall", { ID: id, Function: called }),
    print: () => `{"function":${print()}}`,
  };
}

function callList(given: readonly ToolCall[]): GoList {
  const calls = given.map(toolCall);
  return {
    ...list("chat.ToolCall", calls),
    print: () => `[${calls.map((call) => call.print?.()).join(",")}]`,
  };
}

/** One element of `.Messages`. */
export const goMessage = (message: Message): GoStruct => ({
  ...struct("chat.Message", {
    Role: message.role,
    Content: message.content,
    Thinking: message.thinking ?? "",
    Images: list("chat.Image", message.images ?? []),
    ToolCalls: callList(message.toolCalls ?? []),
    ToolName: message.toolName ?? "",
    ToolCallID: message.toolCallId ?? "",
  }),
  isPointer: true,
});

/** `.Think`, `.ThinkLevel` and `.IsThinkSet` (docs/behaviour: modelfile §2.5): bare true reads as level `medium`. */
export const goThink = (think: Think | undefined): [string, GoValue][] => [
  ["Think", think !== undefined && think !== false],
  ["ThinkLevel", think === true ? "medium" : think === undefined || think === false ? "" : think],
  ["IsThinkSet", think !== undefined],
];
