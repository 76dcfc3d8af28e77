import { encodeGoJson } from "../lib/go-json.ts";

/** A model's config blob, as far as we use it. Strings are "" when they are not there. */
export interface ModelConfig {
  format: string;
  family: string;
  families: string[] | null;
  /** e.g. `134.52M` */
  parameterSize: string;
  /** e.g. `Q4_1` */
  fileType: string;
  renderer?: string | undefined;
  parser?: string | undefined;
  /** Least version of the server, without a leading `v`. */
  requires?: string | undefined;
  /** The host on which a cloud model runs, and its name there. */
  remoteHost?: string | undefined;
  remoteModel?: string | undefined;
  capabilities?: string[] | undefined;
  contextLength?: number | undefined;
  embeddingLength?: number | undefined;
  baseName?: string | undefined;
  /** The registry's description of a draft model in the same manifest. */
  draft?: object | undefined;
}

/** The keys in an order that makes the digest the one Ollama would get (docs/behaviour: registry-and-store §3). */
export function renderConfig(config: ModelConfig): string {
  const json = encodeGoJson({
    model_format: config.format,
    model_family: config.family,
    model_families: config.families,
    model_type: config.parameterSize,
    file_type: config.fileType,
    renderer: config.renderer,
    parser: config.parser,
    requires: config.requires,
    remote_host: config.remoteHost,
    remote_model: config.remoteModel,
    capabilities: config.capabilities,
    context_length: config.contextLength,
    embedding_length: config.embeddingLength,
    base_name: config.baseName,
    draft: config.draft,
    architecture: "amd64",
    os: "linux",
  });
  return `${json}\n`;
}

/** Reads a config blob leniently: it may come from a registry, and a field of an unexpected type counts as absent. */
export function parseConfig(json: string): ModelConfig {
  const root = decodeObject(json);
  const string = (key: string): string | undefined => {
    const value = root[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const length = (key: string): number | undefined => {
    const value = root[key];
    return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
  };
  return {
    format: string("model_format") ?? "",
    family: string("model_family") ?? "",
    families: strings(root.model_families) ?? null,
    parameterSize: string("model_type") ?? "",
    fileType: string("file_type") ?? "",
    renderer: string("renderer"),
    parser: string("parser"),
    requires: string("requires"),
    remoteHost: string("remote_host"),
    remoteModel: string("remote_model"),
    capabilities: strings(root.capabilities),
    contextLength: length("context_length"),
    embeddingLength: length("embedding_length"),
    baseName: string("base_name"),
    draft: typeof root.draft === "object" && root.draft !== null ? root.draft : undefined,
  };
}

function decodeObject(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function strings(value: unknown): string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.filter((item) => typeof item === "string");
}
