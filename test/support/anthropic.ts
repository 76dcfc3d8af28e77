import { expect } from "bun:test";
import { type FakeApp, fakeApp } from "./fake-app.ts";
import { fakeModel } from "./fake-catalog.ts";

/** Shows every part of a conversation. */
const TEMPLATE = `{{ range .Tools }}({{ .Function.Name }}){{ end }}{{ range .Messages }}<{{ .Role }}>{{ if .Thinking }}[{{ .Thinking }}]{{ end }}{{ .Content }}{{ if .ToolCalls }}<tool_call>{{ range .ToolCalls }}{"name": "{{ .Function.Name }}", "arguments": {{ .Function.Arguments }}}{{ end }}</tool_call>{{ end }}{{ if .ToolName }} by {{ .ToolName }}{{ end }}{{ end }}`;
const THINKING_TEMPLATE =
  "{{ range .Messages }}<{{ .Role }}>{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}{{ end }}{{ if .IsThinkSet }}think={{ .Think }} {{ .ThinkLevel }}{{ end }}";

/** A model that calls tools. */
export const caller = () =>
  fakeApp([fakeModel("test", { template: TEMPLATE, capabilities: ["completion", "tools"] })]);

/** A model that thinks. */
export const thinker = () =>
  fakeApp([fakeModel("test", { template: THINKING_TEMPLATE, capabilities: ["completion", "thinking"] })]);

export const user = (content: unknown) => ({ role: "user", content });
export const assistant = (content: unknown) => ({ role: "assistant", content });

/** A tool with a required city. */
export const tool = (name: string, more: object = {}) => ({
  name,
  description: "A tool.",
  input_schema: { type: "object", properties: { city: { enum: ["Rome", "Oslo"] } }, required: ["city"] },
  ...more,
});

/** POST /v1/messages with all that a request needs, unless `body` says otherwise. */
export const ask = (body: object, app: FakeApp = fakeApp()) =>
  app.send("POST", "/v1/messages", { model: "test", max_tokens: 64, messages: [user("hi")], ...body });

export const requestId = expect.stringMatching(/^req_[0-9a-f]{24}$/);

/** Anthropic's error envelope. */
export const failure = (type: string, message: unknown) => ({
  type: "error",
  error: { type, message },
  request_id: requestId,
});

export const usage = (input: number, output: number, cached = 0) => ({
  input_tokens: input,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: cached,
  cache_creation: null,
  output_tokens: output,
  output_tokens_details: null,
  server_tool_use: null,
  service_tier: "standard",
  inference_geo: null,
  speed: null,
});
