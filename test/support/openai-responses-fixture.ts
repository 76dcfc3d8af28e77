import { expect } from "bun:test";
import { type FakeApp, fakeApp } from "./fake-app.ts";
import { fakeModel } from "./fake-catalog.ts";
import { eventsOf } from "./sse.ts";

/** Shows every part of a conversation. */
const TEMPLATE =
  "{{ range .Tools }}({{ .Function.Name }}){{ end }}{{ range .Messages }}<{{ .Role }}>{{ if .Thinking }}[{{ .Thinking }}]{{ end }}{{ .Content }}{{ range .ToolCalls }}{{ .Function.Name }}{{ .Function.Arguments }}{{ end }}{{ if .ToolName }}={{ .ToolName }}{{ end }}{{ end }}";

/** A model that shows in its prompt all that it was sent. */
export const talker = () => fakeApp([fakeModel("test", { template: TEMPLATE })]);

/** A model that calls tools. */
export const caller = () =>
  fakeApp([
    fakeModel("test", {
      template: `${TEMPLATE}{{ if .ToolCalls }}<tool_call>{{ end }}`,
      capabilities: ["completion", "tools"],
    }),
  ]);

/** POST /v1/responses with all that a request needs, unless `body` says otherwise. */
export const ask = (body: object, app = fakeApp()) =>
  app.send("POST", "/v1/responses", { model: "test", input: "hi", ...body });

/** An event of a stream. */
export interface Sent {
  type: string;
  sequence_number: number;
  item?: { id: string; status: string };
  delta?: string;
  response?: Answer;
}

/** A response as it is sent. */
export interface Answer {
  id: string;
  status: string;
  output: { id: string; type: string; status: string }[];
}

/** The response to a request that succeeds. */
export const answerOf = async (body: object, app?: FakeApp): Promise<Answer> => {
  const reply = await ask(body, app);
  expect(reply.status).toBe(200);
  return (await reply.json()) as Answer;
};

/** The events of a streamed response. */
export const streamOf = async (body: object, app?: FakeApp): Promise<Sent[]> =>
  (await eventsOf(await ask({ stream: true, ...body }, app))) as Sent[];

/** Matches an id of our making. */
export const id = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}_[a-z0-9]{24}$`));

/** A message's text part. */
export const text = (said: string, logprobs: object[] = []) => ({
  type: "output_text",
  text: said,
  annotations: [],
  logprobs,
});

/** A message of the output. */
export const message = (said: string, status = "completed") => ({
  id: id("msg"),
  type: "message",
  status,
  role: "assistant",
  content: [text(said)],
});
