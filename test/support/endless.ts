/**
 * What makes a SmolLM2 that never ends an answer, for {@link deriveModel}: an answer that its client has left goes on for
 * ever, or until the server ends it, and there is one slot. Whoever asks next is answered only if the server did.
 */
export const ENDLESS = {
  template: `{{ range .Messages }}{{ .Content }}{{ end }}${", 1".repeat(20)}`,
  parameters: { num_predict: 100_000, temperature: 0, repeat_penalty: 1 },
};
