import type { Message } from "../intent/message.ts";
import { MEDIA } from "../store/media-type.ts";
import type { GgufReadRow, ModelPart, ModelReads } from "../store/model-reads.ts";
import type { ModelRow } from "../store/schema.ts";
import { type ModelConfig, parseConfig } from "./config-json.ts";
import { parseMessages } from "./messages-json.ts";
import { type ModelParameters, parseParameters } from "./parameters.ts";

/** One model's rows in the books, decoded. */
export interface StoredModel {
  row: ModelRow;
  config: ModelConfig;
  weights: ModelPart;
  facts: GgufReadRow | undefined;
  adapters: ModelPart[];
  projectors: ModelPart[];
  /** Undefined: it has none, or it was not fetched. */
  draft: ModelPart | undefined;
  /** TEMPLATE, undefined when the model has none of its own. */
  template: ModelPart | undefined;
  system: string | undefined;
  licenses: string[];
  parameters: ModelParameters;
  messages: Message[];
  /** The layers in the manifest's order. */
  layers: ModelPart[];
}

/** Decodes the model that `row` names; undefined when its manifest has no weights. */
export function readStoredModel(reads: ModelReads, row: ModelRow): StoredModel | undefined {
  const [config, ...layers] = reads.parts(row.manifestDigest);
  const all = (...mediaTypes: string[]) => layers.filter((part) => mediaTypes.includes(part.mediaType));
  const text = (mediaType: string) => all(mediaType).at(-1)?.text ?? undefined;
  const [weights] = all(MEDIA.model);
  if (config === undefined || weights === undefined) return undefined;
  const parameters = text(MEDIA.params);
  const messages = text(MEDIA.messages);
  return {
    row,
    layers,
    config: parseConfig(config.text ?? "{}"),
    weights,
    facts: reads.gguf(weights.digest),
    adapters: all(MEDIA.adapter),
    projectors: all(MEDIA.projector),
    draft: all(MEDIA.draft).at(-1),
    template: all(MEDIA.template, MEDIA.prompt).at(-1),
    system: text(MEDIA.system),
    licenses: all(MEDIA.license).map((part) => part.text ?? ""),
    parameters: parameters === undefined ? {} : parseParameters(parameters),
    messages: messages === undefined ? [] : parseMessages(messages),
  };
}
