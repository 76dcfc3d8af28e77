import { formatParameterCount } from "../lib/humanize.ts";
import type { ModelConfig } from "./config-json.ts";
import type { CreateSource } from "./create-source.ts";
import { fileTypeName } from "./gguf/file-types.ts";

/** The config of a model to come: what its GGUFs say, and what is inherited from its base. */
export function planConfig({ facts, config: base }: CreateSource, requires: string | undefined): ModelConfig {
  const [weights] = facts;
  if (weights === undefined) return { ...emptyConfig, ...base, requires: requires ?? base?.requires };
  return {
    format: base?.format || "gguf",
    family: weights.architecture,
    families: [...new Set(facts.map(({ architecture }) => architecture))],
    parameterSize: formatParameterCount(weights.parameterCount),
    fileType: fileTypeName(weights.fileType ?? undefined),
    renderer: base?.renderer,
    parser: base?.parser,
    requires: requires ?? base?.requires,
    capabilities: base?.capabilities,
    contextLength: base?.contextLength,
    embeddingLength: base?.embeddingLength,
    baseName: base?.baseName,
  };
}

const emptyConfig: ModelConfig = {
  format: "gguf",
  family: "",
  families: null,
  parameterSize: "",
  fileType: "",
};
