import type { GrammarBuilder } from "../../grammar/grammar-builder.ts";
import { defined } from "../../lib/defined.ts";
import { AppError, badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import type { CallableParameter, CallableTool } from "../call-syntax.ts";
import type { DeclaredTool } from "../declared-tools.ts";
import { allowedTypes } from "../typed-value.ts";

/** Arguments of a tool that declares none. */
const NO_ARGUMENTS = { type: "object", additionalProperties: false };

/** Keywords that narrow down a text. */
const NARROWING = [
  "const",
  "pattern",
  "format",
  "maxLength",
  "minLength",
  "$ref",
  "anyOf",
  "oneOf",
  "allOf",
  "not",
];

const isText = (value: unknown): value is string =>
  typeof value === "string" && !value.includes("\n") && value.trim().toLowerCase() !== "null";

/** See {@link CallableParameter.bare}. What is read back is decided by `typedValue`. */
function bareForm(schema: unknown): CallableParameter["bare"] {
  if (!isRecord(schema) || NARROWING.some((keyword) => keyword in schema)) return undefined;
  const types = allowedTypes(schema);
  if (types.some((type) => type === "null")) return undefined;
  const strings = types.every((type) => type === "string");
  if (Array.isArray(schema.enum)) return strings && schema.enum.every(isText) ? schema.enum : undefined;
  if (types.length === 0) return undefined;
  if (strings) return "text";
  return types.includes("string") ? undefined : "json";
}

/** References in a property's schema point into the schema of all the arguments. */
const withDefinitions = (schema: unknown, { $defs, definitions }: Record<string, unknown>): unknown =>
  isRecord(schema) ? { ...schema, ...defined({ $defs, definitions }) } : schema;

function parametersOf(builder: GrammarBuilder, { name, parameters = {} }: DeclaredTool): CallableParameter[] {
  const { properties, required } = parameters;
  if (!isRecord(properties)) return [];
  return Object.entries(properties).map(([key, schema]) => ({
    name: key,
    required: Array.isArray(required) && required.includes(key),
    value: builder.addSchema(withDefinitions(schema, parameters), `${name}-${key}`),
    bare: bareForm(schema),
  }));
}

/** Keywords that say nothing about the arguments of a tool that has no properties. */
const SILENT = ["type", "properties", "required", "description", "title", "$schema"];

function argumentsSchema({ parameters }: DeclaredTool): unknown {
  if (parameters === undefined) return NO_ARGUMENTS;
  const { properties } = parameters;
  const declares = isRecord(properties) && Object.keys(properties).length > 0;
  const speaks = Object.keys(parameters).some((keyword) => !SILENT.includes(keyword));
  return declares || speaks ? { type: "object", ...parameters } : NO_ARGUMENTS;
}

/**
 * A tool for grammars, its schema compiled.
 * @throws AppError `bad_request` for a schema that no grammar can enforce, naming the tool.
 */
export function callableTool(builder: GrammarBuilder, tool: DeclaredTool): CallableTool {
  const { name } = tool;
  try {
    const args = builder.addSchema(argumentsSchema(tool), `${name}-arguments`);
    return { name, arguments: args, parameters: () => parametersOf(builder, tool) };
  } catch (error) {
    if (error instanceof AppError) throw badRequest(`tool "${name}": ${error.message}`);
    throw error;
  }
}
