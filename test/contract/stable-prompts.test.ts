/** What known agents change in front of every prompt does not reach it, whatever dialect they, or a proxy for them, speak. */
import { describe, expect, test } from "bun:test";
import { fakeApp, promptsOf } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const TEMPLATE = "{{ range .Messages }}<{{ .Role }}>{{ .Content }}{{ end }}";
const user = { role: "user", content: "hi" };
const head = (cch: string) =>
  `x-anthropic-billing-header: cc_version=2.1.37.0d9; cc_entrypoint=cli; cch=${cch};`;

const bodies = (cch: string): [path: string, body: object][] => [
  [
    "/v1/messages",
    {
      max_tokens: 8,
      system: [
        { type: "text", text: head(cch) },
        { type: "text", text: "You help." },
      ],
      messages: [user],
    },
  ],
  ["/v1/messages", { max_tokens: 8, stream: true, system: `${head(cch)}\nYou help.`, messages: [user] }],
  [
    "/v1/chat/completions",
    { messages: [{ role: "system", content: `${head(cch)}\nYou help.` }, user], stream: true },
  ],
  ["/v1/responses", { instructions: `${head(cch)}\nYou help.`, input: "hi" }],
  ["/api/chat", { messages: [{ role: "system", content: `${head(cch)}\nYou help.` }, user], stream: false }],
];

async function send(path: string, body: object, env: Record<string, string> = {}) {
  const app = fakeApp([fakeModel("test", { template: TEMPLATE })], env);
  const reply = await app.send("POST", path, { model: "test", ...body });
  await reply.text();
  return { reply, prompt: promptsOf(app)[0] };
}

describe("Claude Code's billing header", () => {
  test.each(bodies("fa690"))("stays out of the prompt, and a header says so: %s", async (path, body) => {
    const { reply, prompt } = await send(path, body);
    expect(prompt).toBe("<system>You help.<user>hi");
    expect(reply.headers.get("llamero-left-out")).toBe("x-anthropic-billing-header");
    expect(reply.headers.get("warning")).toBeNull();
  });

  test.each(bodies("0b31c"))("reaches it where that is wanted: %s", async (path, body) => {
    const { reply, prompt } = await send(path, body, { OLLAMA_STABLE_PROMPTS: "0" });
    expect(prompt).toContain("cch=0b31c;");
    expect(reply.headers.has("llamero-left-out")).toBe(false);
  });

  test("is not counted either", async () => {
    const app = fakeApp([fakeModel("test", { template: TEMPLATE })]);
    const count = async (system: object[]) => {
      const body = { model: "test", system, messages: [user] };
      const reply = await app.send("POST", "/v1/messages/count_tokens", body);
      return (await reply.json()) as { input_tokens: number };
    };
    const text = { type: "text", text: "You help." };
    expect(await count([{ type: "text", text: head("a") }, text])).toEqual(await count([text]));
  });
});

test("tools keep the order in which they were sent", async () => {
  const template =
    "{{ range .Tools }}({{ .Function.Name }}){{ end }}{{ range .Messages }}{{ .Content }}{{ end }}";
  const app = fakeApp([fakeModel("test", { template, capabilities: ["completion", "tools"] })]);
  const tools = ["zeta", "alpha", "Mid", "beta"].map((name) => ({ type: "function", function: { name } }));
  await app.send("POST", "/v1/chat/completions", { model: "test", messages: [user], tools });
  expect(promptsOf(app)[0]).toBe("(zeta)(alpha)(Mid)(beta)hi");
});
