import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import { type ModelFolder, readJson, readTextFile } from "./folder.ts";
import { type JsonRecord, optionalString } from "./json.ts";

/** How token vectors become one vector; the numbers are llama.cpp's `enum llama_pooling_type`. */
export const POOLING = { mean: 1, cls: 2, lasttoken: 3 } as const;

export type PoolingType = keyof typeof POOLING;

/** The switches of older sentence-transformers configs, in the order in which llama.cpp's conversion asks. */
const SWITCHES: [key: string, pooling: PoolingType][] = [
  ["pooling_mode_mean_tokens", "mean"],
  ["pooling_mode_cls_token", "cls"],
  ["pooling_mode_lasttoken", "lasttoken"],
];

/**
 * The pooling that sentence-transformers declares: modules.json names the folder (default `1_Pooling`), its config.json the
 * mode. Without one, the vector of the `[CLS]` token, which is what a bare BERT encoder is trained to summarise in.
 *
 * @throws AppError `bad_request` on a mode that llama.cpp has not, e.g. maximum or weighted mean.
 */
export async function readPooling(folder: ModelFolder): Promise<PoolingType> {
  const path = `${(await poolingModule(folder)) ?? "1_Pooling"}/config.json`;
  const config = await readJson(folder, path);
  if (config === undefined) return "cls";
  const pooling = declared(config.fields);
  if (pooling !== undefined) return pooling;
  throw badRequest(`${path}: unsupported pooling mode (supported: ${Object.keys(POOLING).join(", ")})`);
}

function declared(fields: JsonRecord): PoolingType | undefined {
  const on = Object.keys(fields).filter((key) => key.startsWith("pooling_mode_") && fields[key] === true);
  // Several modes at once concatenate their vectors, which no single pooling type can say.
  if (on.length > 1) return undefined;
  const named = optionalString(fields, "pooling_mode");
  return SWITCHES.find(([key]) => key === on[0])?.[1] ?? (isPooling(named) ? named : undefined);
}

async function poolingModule(folder: ModelFolder): Promise<string | undefined> {
  const modules = parseArray(await readTextFile(folder, "modules.json"));
  const module = modules
    .filter(isRecord)
    .find(({ type }) => typeof type === "string" && type.endsWith("Pooling"));
  return module === undefined ? undefined : optionalString(module, "path");
}

function parseArray(text: string | undefined): unknown[] {
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch {
    // Falls through to the same refusal as any other value that is not a list.
  }
  throw badRequest("modules.json is not a JSON array");
}

const isPooling = (text: string | undefined): text is PoolingType =>
  text !== undefined && Object.hasOwn(POOLING, text);
