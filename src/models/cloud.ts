import type { ModelConfig } from "./config-json.ts";

/** The text about a model of Ollama's cloud, whose weights nobody can get. @param name as the client wrote it. */
export const cloudOnly = (name: string): string => `"${name}" is a cloud model: it runs on ollama.com only`;

/** Why a manifest without weights that we could load cannot be run. @param name of the model, for users. */
export const whyNoWeights = ({ remoteHost, remoteModel }: ModelConfig, name: string): string =>
  remoteHost === undefined && remoteModel === undefined
    ? "this model has no GGUF weights, and only those can be run"
    : cloudOnly(name);
