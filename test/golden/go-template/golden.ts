import {
  type GoValue,
  goList,
  goMap,
  INTERFACE,
  NIL_INTERFACE,
} from "../../../src/prompt/go-template/value.ts";

export interface GoldenCase {
  template: string;
  /** Name of a data set. */
  data: string;
  output: string;
  error?: string;
}

interface LanguageGolden {
  data: Record<string, unknown>;
  cases: GoldenCase[];
}

export interface ChatGoldenCase {
  format: string;
  conversation: string;
  output: string;
  error?: string;
}

const read = <T>(file: string): Promise<T> => Bun.file(`${import.meta.dir}/${file}`).json();

/** The value that `tagged` in data.go encoded. */
function untagged(value: unknown): GoValue {
  if (value === null) return NIL_INTERFACE;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value !== "object") throw new TypeError(`untagged ${typeof value}`);
  if ("int" in value) return BigInt(String(value.int));
  if ("float" in value) return Number(value.float);
  const { element = INTERFACE, nil = false } = value as { element?: string; nil?: boolean };
  if ("list" in value && Array.isArray(value.list)) {
    return { ...goList(value.list.map(untagged), element), isNil: nil };
  }
  const entries = Object.entries((value as { map: Record<string, unknown> }).map);
  return {
    ...goMap(
      entries.map(([key, member]) => [key, untagged(member)] as const),
      element,
    ),
    isNil: nil,
  };
}

/** The cases of one file, each with its data decoded; `undefined` data is Go's nil. */
export async function languageGolden(name: string): Promise<(GoldenCase & { value: GoValue })[]> {
  const golden = await read<LanguageGolden>(`${name}.golden.json`);
  return golden.cases.map((one) => ({
    ...one,
    value: golden.data[one.data] === null ? undefined : untagged(golden.data[one.data]),
  }));
}

export const chatGolden = (): Promise<ChatGoldenCase[]> => read("chat.golden.json");

export const formatText = (format: string): Promise<string> =>
  Bun.file(`${import.meta.dir}/formats/${format}`).text();

interface WireConversation {
  name: string;
  think?: boolean | "low" | "medium" | "high" | "max";
  tools?: Record<string, unknown>[];
  messages: {
    role: string;
    content: string;
    thinking?: string;
    tool_name?: string;
    tool_call_id?: string;
    tool_calls?: { id?: string; function: { name: string; arguments: Record<string, unknown> } }[];
  }[];
}

/** The conversations that both sides render, as llamero's own messages. */
export async function conversations() {
  const wire = await read<WireConversation[]>("conversations.json");
  return wire.map(({ name, think, tools, messages }) => ({
    name,
    think,
    tools,
    messages: messages.map((message) => ({
      role: message.role,
      content: message.content,
      ...(message.thinking !== undefined && { thinking: message.thinking }),
      ...(message.tool_name !== undefined && { toolName: message.tool_name }),
      ...(message.tool_call_id !== undefined && { toolCallId: message.tool_call_id }),
      ...(message.tool_calls !== undefined && {
        toolCalls: message.tool_calls.map(({ id, function: call }) => ({
          ...call,
          ...(id !== undefined && { id }),
        })),
      }),
    })),
  }));
}
