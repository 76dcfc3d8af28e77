import { formatParameterCount } from "../lib/humanize.ts";
import type { ModelCreation } from "./catalog.ts";
import type { ModelConfig } from "./config-json.ts";
import type { CreateSource } from "./create-source.ts";
import { fileTypeName } from "./gguf/file-types.ts";

/** Fields of the config that a request names; they replace the base's. */
type AskedConfig = Pick<ModelCreation, "renderer" | "parser" | "requires">;

/** The config of a model that is being created: facts of its GGUFs, and fields inherited from its base. */
export function planConfig({ facts, config: base }: CreateSource, asked: AskedConfig): ModelConfig {
  const [weights] = facts;
  const own = {
    renderer: asked.renderer || base?.renderer,
    parser: asked.parser || base?.parser,
    requires: asked.requires ?? base?.requires,
  };
  if (weights === undefined) return { ...emptyConfig, ...base, ...own };
  return {
    format: base?.format || "gguf",
    family: weights.architecture,
    families: [...new Set(facts.map(({ architecture }) => architecture))],
    parameterSize: formatParameterCount(weights.parameterCount),
    fileType: fileTypeName(weights.fileType ?? undefined),
    ...own,
    capabilities: base?.capabilities,
    contextLength: base?.contextLength,
    embeddingLength: base?.embeddingLength,
    baseName: base?.baseName,
    draft: base?.draft,
  };
}

const emptyConfig: ModelConfig = {
  format: "gguf",
  family: "",
  families: null,
  parameterSize: "",
  fileType: "",
};
