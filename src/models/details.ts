import type { ModelDetails } from "./catalog.ts";
import type { ModelConfig } from "./config-json.ts";
import { fileTypeName } from "./gguf/file-types.ts";

/** `details` without the lengths, which only a list shows. Where the config does not name the quantisation, the GGUF does. */
export function detailsOf(
  config: ModelConfig,
  facts: { fileType: number | null } | undefined,
  parentModel: string | null,
): ModelDetails {
  const known = config.fileType !== "" && config.fileType !== "unknown";
  return {
    parentModel: parentModel ?? "",
    format: config.format,
    family: config.family,
    families: config.families,
    parameterSize: config.parameterSize,
    quantizationLevel: known ? config.fileType : fileTypeName(facts?.fileType ?? undefined),
  };
}
