import { jsonInteger } from "../lib/go-json.ts";
import type { TensorInfo } from "./catalog.ts";
import type { GgufHeader } from "./gguf/header.ts";
import { ggufJsonValue } from "./gguf/json-value.ts";

declare global {
  interface JSON {
    /** The third argument is in the runtime already, not in TypeScript's library. */
    parse(
      text: string,
      revive: (key: string, value: unknown, context: { source?: string }) => unknown,
    ): unknown;
  }
}

/** Shown elsewhere in a report, not in `model_info`. */
const LEFT_OUT = new Set(["general.name", "tokenizer.chat_template"]);

/**
 * `model_info` of `/api/show`: the header's keys in order, the parameter count that the tensors add up to.
 * @param arrays false: null in the place of every array.
 */
export function modelInfoOf(header: GgufHeader, arrays: boolean): Record<string, unknown> {
  const entries = [...header.metadata]
    .filter(([key]) => !LEFT_OUT.has(key))
    .map(([key, value]): [string, unknown] => [key, ggufJsonValue(value, arrays)]);
  const all = new Map(entries).set("general.parameter_count", header.parameterCount);
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `model_info` from its stored JSON; integers beyond 2^53 keep all their digits. */
export function parseModelInfo(json: string): Record<string, unknown> {
  const value = JSON.parse(json, (_key, item, { source }) =>
    typeof item === "number" && !Number.isSafeInteger(item) && source !== undefined && /^-?\d+$/.test(source)
      ? jsonInteger(BigInt(source))
      : item,
  );
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Tensors from their stored JSON, a list of `[name, type, shape]`. */
export function parseTensors(json: string): TensorInfo[] {
  const list: [string, string, number[]][] = JSON.parse(json);
  return list.map(([name, type, shape]) => ({ name, type, shape }));
}
