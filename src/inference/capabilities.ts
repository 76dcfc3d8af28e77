import type { GenerateIntent } from "../intent/generate.ts";
import { AppError, badRequest } from "../lib/errors.ts";
import type { Capability, ResolvedModel } from "../models/catalog.ts";
import { imagesOf, sensesFor } from "./pictures.ts";

type Input = GenerateIntent["input"];

/** Capabilities that the request needs besides completing text, and that the model lacks. */
function missing(input: Input, capabilities: readonly Capability[]): Capability[] {
  const lacks = (capability: Capability) => !capabilities.includes(capability);
  const found: Capability[] = [];
  if (input.type === "chat" && input.tools.length > 0 && lacks("tools")) found.push("tools");
  if (input.type === "completion" && input.suffix !== undefined && lacks("insert")) found.push("insert");
  return [...found, ...sensesFor(imagesOf({ input })).filter(lacks)];
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
 * Refuses a request that the model cannot serve (docs/behaviour: api-native §1.5).
 *
 * @throws AppError `bad_request` `<full name> does not support` and the capabilities, one a line; `unsupported` where the model could
 * and the server lacks libmtmd.
 */
export const requireCapabilities = (intent: GenerateIntent, model: ResolvedModel): void =>
  refuseMissing(missing(intent.input, model.capabilities), model);

/** Refuses images that the model cannot take in, as {@link requireCapabilities} does. */
export const requireSenses = (images: readonly string[], model: ResolvedModel): void =>
  refuseMissing(
    sensesFor(images).filter((sense) => !model.capabilities.includes(sense)),
    model,
  );

function refuseMissing(capabilities: readonly Capability[], model: ResolvedModel): void {
  if (capabilities.length === 0) return;
  const senses = capabilities.filter((capability) => model.missingSenses.includes(capability));
  if (senses.length > 0) {
    throw new AppError(
      "unsupported",
      `${model.fullName} has ${senses.join(" and ")}, which is not installed on this server; get it with: llamero engine add vision`,
    );
  }
  throw badRequest(`${model.fullName} does not support ${capabilities.join("\n")}`);
}
