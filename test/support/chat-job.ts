import type { RenderJob } from "../../src/prompt/render.ts";

/** The rendering of a greeting by a Go template: what workers are given. */
export const chatJob = (template: string): Extract<RenderJob, { type: "chat" }> => ({
  type: "chat",
  model: {
    template,
    messages: [],
    bosToken: "",
    eosToken: "",
    addsBos: false,
    family: "llama",
    shortName: "test",
  },
  messages: [{ role: "user", content: "hi" }],
  how: { now: 0 },
});
