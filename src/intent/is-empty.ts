import type { GenerateIntent } from "./generate.ts";

/** Is there nothing to answer? Such a request only loads or unloads the model. */
export const isEmpty = ({ input }: GenerateIntent): boolean =>
  input.type === "chat"
    ? input.messages.length === 0
    : input.prompt === "" && (input.tokens ?? []).length === 0;

/** Does the request only load or unload a model, or render the prompt, so that the reply comes whole? */
export const generatesNothing = (intent: GenerateIntent): boolean =>
  isEmpty(intent) || intent.debugRenderOnly;
