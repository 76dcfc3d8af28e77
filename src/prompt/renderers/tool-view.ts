import type { ToolDefinition } from "../../intent/message.ts";
import { isRecord } from "../../lib/is-record.ts";

/** A tool's definition, taken apart. */
export interface ToolView {
  name: string;
  /** "" where it has none. */
  description: string;
  /** Its schema; `{}` where it has none. */
  parameters: Record<string, unknown>;
  properties: [name: string, schema: Record<string, unknown>][];
  required: string[];
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

export const propertiesOf = (schema: Record<string, unknown>): ToolView["properties"] =>
  isRecord(schema.properties)
    ? Object.entries(schema.properties).map(([name, each]) => [name, isRecord(each) ? each : {}])
    : [];

export const requiredOf = ({ required }: Record<string, unknown>): string[] =>
  Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];

/** The types that a schema allows; those of an `anyOf` of bare types too. */
export function schemaTypes({ type, anyOf }: Record<string, unknown>): string[] {
  const own = (Array.isArray(type) ? type : [type]).filter((each) => typeof each === "string");
  if (own.length > 0 || !Array.isArray(anyOf)) return own;
  return anyOf.flatMap((each) => (isRecord(each) ? schemaTypes(each) : []));
}

export function toolView(definition: ToolDefinition): ToolView {
  const described = isRecord(definition.function) ? definition.function : {};
  const parameters = isRecord(described.parameters) ? described.parameters : {};
  return {
    name: textOf(described.name),
    description: textOf(described.description),
    parameters,
    properties: propertiesOf(parameters),
    required: requiredOf(parameters),
  };
}
