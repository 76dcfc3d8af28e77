import { expect } from "bun:test";
import { fakeApp } from "./fake-app.ts";
import { eventsOf } from "./sse.ts";

/** Shows tools and messages. */
export const TEMPLATE =
  "{{ range .Tools }}({{ .Function.Name }}){{ end }}{{ range .Messages }}<{{ .Role }}>{{ .Content }}{{ end }}";

/** What a user says. */
export const user = (content: unknown) => ({ role: "user", content });

/** POST /v1/chat/completions with all that a request needs, unless `body` says otherwise. */
export const ask = (body: object, app = fakeApp()) =>
  app.send("POST", "/v1/chat/completions", { model: "test", messages: [user("hi")], ...body });

/** An event of a stream. */
interface Chunk {
  choices: { index: number; delta: object; finish_reason: string | null }[];
  usage?: object | null;
}

/** The events of a stream that ends well, without the mark of its end. */
export const chunksOf = async (reply: Response): Promise<Chunk[]> => {
  const events = await eventsOf(reply);
  expect(events.at(-1)).toBe("[DONE]");
  return events.slice(0, -1) as Chunk[];
};
