import type { GenerateIntent } from "../intent/generate.ts";
import { badRequest } from "../lib/errors.ts";
import type { Capability, ResolvedModel } from "../models/catalog.ts";

type Input = GenerateIntent["input"];

const hasImages = (input: Input): boolean =>
  input.type === "completion"
    ? input.images.length > 0
    : input.messages.some(({ images = [] }) => images.length > 0);

/** What the request needs of the model besides completing text, and does not get. */
function missing(input: Input, capabilities: readonly Capability[]): Capability[] {
  const lacks = (capability: Capability) => !capabilities.includes(capability);
  const found: Capability[] = [];
  if (input.type === "chat" && input.tools.length > 0 && lacks("tools")) found.push("tools");
  if (input.type === "completion" && input.suffix !== undefined && lacks("insert")) found.push("insert");
  // Whatever the model could do: the engine takes text only.
  if (hasImages(input)) found.push("vision");
  return found;
}

/**
 * Refuses a model that only embeds.
 *
 * @throws AppError `bad_request` `"<raw>" does not support chat` or `generate`.
 */
export function requireCompletion(intent: GenerateIntent, model: ResolvedModel): void {
  if (model.capabilities.includes("completion")) return;
  throw badRequest(
    `"${intent.model}" does not support ${intent.input.type === "chat" ? "chat" : "generate"}`,
  );
}

/**
 * Refuses a request that the model cannot serve (spec: api-native §1.5).
 *
 * @throws AppError `bad_request` `<full name> does not support` and the capabilities, one a line.
 */
export function requireCapabilities(intent: GenerateIntent, model: ResolvedModel): void {
  const capabilities = missing(intent.input, model.capabilities);
  if (capabilities.length === 0) return;
  throw badRequest(`${model.fullName} does not support ${capabilities.join("\n")}`);
}
