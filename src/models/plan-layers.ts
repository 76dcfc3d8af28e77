import { digestOfHex } from "../lib/digest.ts";
import { MEDIA } from "../store/media-type.ts";
import type { ModelCreation } from "./catalog.ts";
import type { PlannedLayer } from "./create-source.ts";
import { renderMessages } from "./messages-json.ts";
import { parseParameters, renderParameters } from "./parameters.ts";

export type LayerChanges = Pick<ModelCreation, "template" | "system" | "license" | "parameters" | "messages">;

/**
 * The layers of a model to be made, from those of its base: a template, a system prompt and messages replace the base's, parameters are
 * merged key by key, licenses are added. Empty texts and lists change nothing (docs/behaviour: api-native §11).
 */
export function planLayers(base: readonly PlannedLayer[], changes: LayerChanges): PlannedLayer[] {
  const { template, system, license = [], parameters = {}, messages = [] } = changes;
  const steps: ((layers: PlannedLayer[]) => PlannedLayer[])[] = [];
  if (template) steps.push((layers) => replace(layers, template, MEDIA.template, MEDIA.prompt));
  if (system) steps.push((layers) => replace(layers, system, MEDIA.system));
  for (const text of license.filter((text) => text !== "")) {
    steps.push((layers) => [...layers, textLayer(MEDIA.license, text)]);
  }
  if (Object.keys(parameters).length > 0) {
    steps.push((layers) =>
      replace(layers, renderParameters({ ...inherited(layers), ...parameters }), MEDIA.params),
    );
  }
  if (messages.length > 0) steps.push((layers) => replace(layers, renderMessages(messages), MEDIA.messages));
  return steps.reduce((layers, step) => step(layers), [...base]);
}

/** Drops the layers with these media types and adds one with the first. */
function replace(
  layers: PlannedLayer[],
  content: string,
  mediaType: string,
  ...aliases: string[]
): PlannedLayer[] {
  const kept = layers.filter((layer) => layer.mediaType !== mediaType && !aliases.includes(layer.mediaType));
  return [...kept, textLayer(mediaType, content)];
}

function inherited(layers: PlannedLayer[]): Record<string, unknown> {
  const stored = layers.findLast((layer) => layer.mediaType === MEDIA.params)?.content;
  return stored === undefined ? {} : parseParameters(stored);
}

/** A layer whose blob is this text. */
export function textLayer(mediaType: string, content: string): PlannedLayer & { content: string } {
  const digest = digestOfHex(new Bun.CryptoHasher("sha256").update(content).digest("hex"));
  return { mediaType, digest, size: Buffer.byteLength(content), content };
}
