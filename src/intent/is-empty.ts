import type { GenerateIntent } from "./generate.ts";

/** Is there nothing to answer? Such a request only loads or unloads the model. */
export const isEmpty = ({ input }: GenerateIntent): boolean =>
  input.type === "chat"
    ? input.messages.length === 0
    : input.prompt === "" && (input.tokens ?? []).length === 0;

/** Does the reply come at once, whole: a model is only loaded or unloaded, or the prompt is only rendered? */
export const generatesNothing = (intent: GenerateIntent): boolean =>
  isEmpty(intent) || intent.debugRenderOnly;
