import { describe, expect, test } from "bun:test";
import { type FakeApp, fakeApp, linesOf } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const GO = `{{ range .Messages }}{{ .Role }}: {{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}
{{ end }}{{ if .IsThinkSet }}think={{ .Think }} {{ .ThinkLevel }}{{ end }}`;
const JINJA = `{% for m in messages %}{{ m.role }}: {% if m.reasoning_content %}<think>{{ m.reasoning_content }}</think>{% endif %}{{ m.content }}
{% endfor %}{% if add_generation_prompt %}assistant: {% if enable_thinking is defined and not enable_thinking %}<think></think>{% else %}<think>
{% endif %}{% endif %}{{ reasoning_effort }}`;

const goModel = () => fakeModel("test", { template: GO, capabilities: ["completion", "thinking"] });
const jinjaModel = () => {
  const { template: _, ...model } = fakeModel("test", { capabilities: ["completion", "thinking"] });
  return { ...model, chatTemplate: JINJA };
};

interface Line {
  message?: { content: string; thinking?: string };
  response?: string;
  thinking?: string;
  done: boolean;
  logprobs?: { token: string }[];
}

const chat = (app: FakeApp, body: object = {}) =>
  app.send("POST", "/api/chat", { model: "test", messages: [{ role: "user", content: "hi" }], ...body });
const generate = (app: FakeApp, body: object = {}) =>
  app.send("POST", "/api/generate", { model: "test", prompt: "hi", ...body });
const promptOf = ({ engine }: FakeApp): string => String.fromCodePoint(...engine.tasks.at(-1)!.tokens);

function appOf(model = goModel()): FakeApp {
  const app = fakeApp([model]);
  app.engine.replies = [{ texts: ["<thi", "nk>\nHm", ".</th", "ink>\n\nHe", "llo"] }];
  return app;
}

describe("thinking comes apart from the answer", () => {
  test("in a chat", async () => {
    const all = (await linesOf(await chat(appOf()))) as Line[];
    expect<unknown>(all.slice(0, -1).map(({ message }) => message)).toEqual([
      { role: "assistant", content: "", thinking: "Hm" },
      { role: "assistant", content: "", thinking: "." },
      { role: "assistant", content: "He" },
      { role: "assistant", content: "llo" },
    ]);
  });

  test("in a completion, whichever the template", async () => {
    const jinja = appOf(jinjaModel());
    jinja.engine.replies = [{ texts: ["Hm.</think>Hello"] }];
    for (const app of [appOf(), jinja]) {
      const reply = (await (await generate(app, { stream: false })).json()) as Line;
      expect([reply.thinking, reply.response]).toEqual(["Hm.", "Hello"]);
    }
  });

  test("also when it is cut off", async () => {
    const app = appOf();
    app.engine.replies = [{ texts: ["<think>Hm </thi"], reason: "length" }];
    const { message } = (await (await chat(app, { stream: false })).json()) as Line;
    expect<unknown>(message).toEqual({ role: "assistant", content: "", thinking: "Hm </thi" });
  });

  test("with the log-probabilities of its tokens", async () => {
    const app = appOf();
    const texts = ["<think>", "Hm", "</think>", "Hello"];
    app.engine.replies = [{ texts, logprobs: texts.map((token) => [{ token, logprob: -1, bytes: [] }]) }];
    const all = (await linesOf(await chat(app, { logprobs: true }))) as Line[];
    const tokens = all.map(({ message, logprobs }) => [
      message!.thinking ?? message!.content,
      logprobs?.map(({ token }) => token),
    ]);
    expect<unknown>(tokens).toEqual([
      ["Hm", ["<think>", "Hm"]],
      ["Hello", ["</think>", "Hello"]],
      ["", undefined],
    ]);
  });

  test("but not in raw mode", async () => {
    const reply = (await (await generate(appOf(), { raw: true, stream: false })).json()) as Line;
    expect([reply.thinking, reply.response]).toEqual([undefined, "<think>\nHm.</think>\n\nHello"]);
  });

  test("nor when it is switched off", async () => {
    const { message } = (await (await chat(appOf(), { think: false, stream: false })).json()) as Line;
    expect<unknown>(message).toEqual({ role: "assistant", content: "<think>\nHm.</think>\n\nHello" });
  });
});

describe("the template's own switch", () => {
  test.each([
    [undefined, "think=true medium"],
    [true, "think=true medium"],
    [false, "think=false "],
    ["high", "think=true high"],
  ])("Go, think %p", async (think, expected) => {
    const app = appOf();
    await chat(app, { think });
    expect(promptOf(app)).toEndWith(expected);
  });

  test.each([
    [undefined, "<think>\n"],
    [false, "<think></think>"],
    ["low", "<think>\nlow"],
  ])("Jinja, think %p", async (think, expected) => {
    const app = appOf(jinjaModel());
    await chat(app, { think });
    expect(promptOf(app)).toEndWith(expected);
  });
});

test("a history's thinking is rendered where the template takes it", async () => {
  for (const model of [goModel(), jinjaModel()]) {
    const app = appOf(model);
    const messages = [
      { role: "user", content: "a" },
      { role: "assistant", content: "b", thinking: "because" },
      { role: "user", content: "c" },
    ];
    await chat(app, { messages });
    expect(promptOf(app)).toContain("<think>because</think>b");
  }
});

test.each([true, "high"])("a model that cannot think is not told to: %p", async (think) => {
  for (const ask of [chat, generate]) {
    const reply = await ask(fakeApp(), { think });
    expect([reply.status, await reply.json()]).toEqual([400, { error: '"test" does not support thinking' }]);
  }
  expect((await chat(fakeApp(), { think: false })).status).toBe(200);
});

test("a format constrains what follows the thinking", async () => {
  const app = appOf();
  await chat(app, { format: "json" });
  await chat(app, { format: "json", think: false });
  const [thinking, plain] = app.engine.tasks.map(({ grammar }) => grammar!);
  expect([thinking!.includes("<think>"), plain!.includes("<think>")]).toEqual([true, false]);
  expect(app.engine.tasks.map(({ preservedTokens }) => preservedTokens)).toEqual([
    ["<think>", "</think>"],
    undefined,
  ]);
});
