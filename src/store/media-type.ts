/** Media types of a manifest's parts (docs/behaviour: registry-and-store §3). */
export const MEDIA = {
  manifest: "application/vnd.docker.distribution.manifest.v2+json",
  config: "application/vnd.docker.container.image.v1+json",
  model: "application/vnd.ollama.image.model",
  projector: "application/vnd.ollama.image.projector",
  adapter: "application/vnd.ollama.image.adapter",
  /** A draft model, which guesses the next tokens. The model runs without it. */
  draft: "application/vnd.ollama.image.draft",
  template: "application/vnd.ollama.image.template",
  /** Older alias of `template`. */
  prompt: "application/vnd.ollama.image.prompt",
  system: "application/vnd.ollama.image.system",
  params: "application/vnd.ollama.image.params",
  messages: "application/vnd.ollama.image.messages",
  license: "application/vnd.ollama.image.license",
} as const;
