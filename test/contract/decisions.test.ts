import { describe, expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

/** Whatever the input names is likely; an input that says nothing finds all answers alike. */
function decidingApp() {
  const app = fakeApp([
    fakeModel("test"),
    fakeModel("embedder", { embeddingOnly: true, capabilities: ["embedding"] }),
  ]);
  app.engine.weigh = (prompt, _, option) => (prompt.includes(option) ? -1 : -2);
  return app;
}

const systemOne = (body: object, app = decidingApp()) =>
  app.send("POST", "/v1/systemone", { model: "test", state: "Yes, billing, Low", ...body });
const decisions = (body: object, app = decidingApp()) =>
  app.send("POST", "/v1/decisions", { model: "test", input: "Yes, billing, Low", ...body });

/** Of two answers, of which one has gained 1. */
const LIKELY = Math.E / (Math.E + 1);

async function refusal(reply: Promise<Response>) {
  const { status, ...rest } = await reply.then(async (got) => ({
    status: got.status,
    ...((await got.json()) as { error: { message: string; param: string | null; code: string | null } }),
  }));
  return { status, message: rest.error.message, param: rest.error.param, code: rest.error.code };
}

const noul = { type: "noul", instructions: "Is it so?" };
const choice = { type: "choice", instructions: "Which?", criteria: { billing: "Money", technical: null } };
const score = { type: "score", instructions: "How urgent?", criteria: ["Low", "High"] };

describe("POST /v1/systemone", () => {
  test("an answer of each kind, by name, with probabilities that sum to 1", async () => {
    const reply = await systemOne({ questions: { a: noul, b: choice, c: score } });
    expect(reply.status).toBe(200);
    expect(reply.headers.get("warning")).toBeNull();
    const { answers, ...rest } = (await reply.json()) as { answers: Record<string, Record<string, unknown>> };
    expect(answers).toEqual({
      a: { type: "noul", noul: expect.closeTo(LIKELY, 12) },
      b: {
        type: "choice",
        choice: "billing",
        probabilities: { billing: expect.closeTo(LIKELY, 12), technical: expect.closeTo(1 - LIKELY, 12) },
        confidence: expect.closeTo(2 * LIKELY - 1, 12),
      },
      c: {
        type: "score",
        score: expect.closeTo(1 - LIKELY, 12),
        legend: { "0": "Low", "1": "High" },
        probabilities: { "0": expect.closeTo(LIKELY, 12), "1": expect.closeTo(1 - LIKELY, 12) },
        confidence: expect.closeTo(2 * LIKELY - 1, 12),
      },
    });
    expect(rest).toMatchObject({ model: "test" });
  });

  test("the input is evaluated once, and a question's baseline only the first time", async () => {
    const app = decidingApp();
    const questions = { a: noul, b: choice };
    await systemOne({ questions }, app);
    expect(app.engine.decided.map((task) => task.questions.length)).toEqual([2, 2]);
    await systemOne({ questions: { ...questions, c: score } }, app);
    // Of the three only the last one's baseline was unknown.
    expect(app.engine.decided.map((task) => task.questions.length)).toEqual([2, 2, 1, 3]);
    expect(app.engine.openLeases).toBe(0);
    const [empty, whole] = app.engine.decided.map(({ prompt }) =>
      String.fromCodePoint(...(prompt[0] as number[])),
    );
    expect(empty).toContain("Input:\n\n\n");
    expect(whole).toContain("Yes, billing, Low");
    expect(app.engine.decided[1]!.salt).toBe("decide");
  });

  test("questions with the same answers share a baseline, which has no question in it", async () => {
    const app = decidingApp();
    const questions = { a: noul, b: { type: "noul", instructions: "Is it late?" }, c: choice };
    await systemOne({ questions }, app);
    const [baseline, asked] = app.engine.decided.map((task) =>
      task.questions.map(({ tokens }) => String.fromCodePoint(...tokens)),
    );
    expect(baseline).toHaveLength(2);
    expect(baseline!.join()).not.toMatch(/Is it so|Is it late|Which\?/);
    expect(asked).toHaveLength(3);
  });

  test("usage counts the input once, every question, and the likeliest answers", async () => {
    const app = decidingApp();
    const reply = await systemOne({ questions: { a: noul, b: choice } }, app);
    const { usage } = (await reply.json()) as { usage: { input_tokens: number; output_tokens: number } };
    const { prompt, questions } = app.engine.decided[1]!;
    const asked = questions.reduce((sum, { tokens }) => sum + tokens.length, 0);
    expect(usage).toEqual({
      input_tokens: (prompt[0] as number[]).length + asked,
      output_tokens: "Yes".length + "billing".length,
    });
  });

  test("state and instructions may be any JSON, criteria too", async () => {
    const app = decidingApp();
    const question = { type: "noul", instructions: { ask: "so?" }, criteria: { true: ["x"], false: null } };
    expect((await systemOne({ state: [{ a: null }], questions: { q: question } }, app)).status).toBe(200);
    const { prompt, questions } = app.engine.decided[1]!;
    expect(String.fromCodePoint(...(prompt[0] as number[]))).toContain('[{"a":null}]');
    const asked = String.fromCodePoint(...questions[0]!.tokens);
    expect(asked).toContain('Question: {"ask":"so?"}');
    expect(asked).toContain('- Yes: ["x"]\n- No\n');
  });

  test("levels that are long are answered by their number, and told in full", async () => {
    const app = decidingApp();
    const long = "nothing has to be done about it before the end of the week";
    const reply = await systemOne({ questions: { q: { type: "score", criteria: [long, "now"] } } }, app);
    expect(await reply.json()).toMatchObject({ answers: { q: { legend: { "0": long, "1": "now" } } } });
    expect(app.engine.decided[1]!.questions[0]!.options).toEqual([[48], [49]]);
  });

  test.each([
    [{ questions: {} }, "questions", "questions is empty"],
    [{}, "questions", "questions is empty"],
    [
      { questions: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`q${at}`, noul])) },
      "questions",
      "65 questions, and a request may have 64",
    ],
    [{ questions: { q: { ...choice, criteria: {} } } }, "questions.q.criteria", "has 0 choices"],
    [{ questions: { q: { ...choice, criteria: { a: null } } } }, "questions.q.criteria", "must be 2 to 255"],
    [
      { questions: { q: { ...choice, criteria: { a: null, "": null } } } },
      "questions.q.criteria",
      "is empty",
    ],
    [
      { questions: { q: { ...choice, criteria: { a: null, " a": null } } } },
      "questions.q.criteria",
      '"a" is there twice',
    ],
    [{ questions: { q: { ...score, criteria: ["a"] } } }, "questions.q.criteria", "has 1 levels"],
    [{ questions: { q: { ...score, criteria: ["a", "a"] } } }, "questions.q.criteria", '"a" is there twice'],
    [{ questions: { q: { type: "noul" } } }, "questions.q.instructions", "neither instructions nor criteria"],
    [{ questions: { q: { type: "box" } } }, "questions.q", 'type must be "noul", "choice" or "score"'],
    [{ state: null, questions: { q: noul } }, "state", "state"],
    [{ model: "embedder", questions: { q: noul } }, null, '"embedder" does not support decisions'],
  ])("refuses case %#", async (body, param, message) => {
    const told = await refusal(systemOne(body));
    expect(told).toMatchObject({ status: 400, message: expect.stringContaining(message), param });
  });

  test("an input that does not fit is told with both numbers", async () => {
    const app = decidingApp();
    app.engine.info.contextLength = 100;
    const told = await refusal(systemOne({ questions: { q: noul } }, app));
    expect(told).toMatchObject({ status: 400, code: "context_length_exceeded" });
    expect(told.message).toMatch(/the prompt has \d{3} tokens, the context length is 100/);
    expect(app.engine.openLeases).toBe(0);
  });

  test("a model that is not there, images that it does not see, a score that is no number", async () => {
    expect((await systemOne({ model: "gone", questions: { q: noul } })).status).toBe(404);
    const png = Buffer.from("89504e470d0a1a0a", "hex").toString("base64");
    const told = await refusal(systemOne({ images: [png], questions: { q: noul } }));
    expect(told).toMatchObject({
      status: 400,
      message: expect.stringContaining("does not support\u0020vision"),
    });
    const app = decidingApp();
    app.engine.weigh = () => Number.NaN;
    expect((await systemOne({ questions: { q: noul } }, app)).status).toBe(500);
  });

  test("images stand in front, assets where they are named", async () => {
    const app = fakeApp([fakeModel("test", { capabilities: ["completion", "vision"] })]);
    const png = Buffer.from("89504e470d0a1a0a0000", "hex").toString("base64");
    const body = {
      state: "before <image:1> after",
      assets: { "<image:1>": { type: "image", data_base64: png } },
      images: [png],
      questions: { q: noul },
    };
    expect((await systemOne(body, app)).status).toBe(200);
    const { prompt } = app.engine.decided[1]!;
    expect(prompt.map((piece) => !Array.isArray(piece))).toEqual([false, true, false, true, false]);
    const told = await refusal(systemOne({ ...body, state: "no image" }, app));
    expect(told).toMatchObject({ status: 400, message: expect.stringContaining("is not named in state") });
  });

  test("a client that leaves ends the work", async () => {
    const app = decidingApp();
    app.engine.acquireHangs = true;
    const abort = new AbortController();
    const reply = app.app.handle(
      new Request("http://localhost:11434/v1/systemone", {
        method: "POST",
        body: JSON.stringify({ model: "test", state: "x", questions: { q: noul } }),
        signal: abort.signal,
      }),
    );
    await app.engine.acquiring.promise;
    abort.abort();
    await app.engine.cancellation.promise;
    expect((await reply).status).toBe(499);
  });
});

describe("POST /v1/decisions", () => {
  const predicate = { type: "predicate", name: "p", instructions: "It is so." };
  const choices = {
    type: "choice",
    instructions: "Which?",
    choices: [{ value: "billing" }, { value: "other" }],
  };
  const levels = { type: "score", instructions: "How?", levels: [{ label: "Low" }, { label: "High" }] };

  test("an answer of each kind, in order", async () => {
    const app = decidingApp();
    app.engine.decideCached = 7;
    const reply = await decisions({ questions: [predicate, choices, levels] }, app);
    expect(reply.status).toBe(200);
    const { answers, usage } = (await reply.json()) as { answers: unknown; usage: Record<string, number> };
    const near = (value: number) => expect.closeTo(value, 12);
    expect(answers).toEqual([
      { type: "predicate", name: "p", probability: near(LIKELY) },
      {
        type: "choice",
        name: null,
        choice: "billing",
        confidence: near(2 * LIKELY - 1),
        probabilities: [
          { value: "billing", probability: near(LIKELY) },
          { value: "other", probability: near(1 - LIKELY) },
        ],
      },
      {
        type: "score",
        name: null,
        score: near(1 - LIKELY),
        confidence: near(2 * LIKELY - 1),
        probabilities: [
          { label: "Low", value: 0, probability: near(LIKELY) },
          { label: "High", value: 1, probability: near(1 - LIKELY) },
        ],
      },
    ]);
    const prompt = (app.engine.decided[1]!.prompt[0] as number[]).length;
    expect(usage).toMatchObject({
      input_tokens_details: { cached_tokens: 7, cache_write_tokens: prompt - 7 },
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: usage.input_tokens! + usage.output_tokens!,
    });
  });

  test("a conversation is read as a transcript, calls and what came of them too", async () => {
    const app = decidingApp();
    const input = [
      { role: "developer", content: "Be strict." },
      {
        role: "user",
        content: [
          { type: "input_text", text: "Hi" },
          { type: "input_json", data: { a: 1 } },
        ],
      },
      { type: "function_call", call_id: "c", name: "look", arguments: "{}" },
      { type: "function_call_output", call_id: "c", output: "seen" },
      { role: "assistant", content: [{ type: "output_text", text: "Done." }] },
    ];
    expect((await decisions({ input, questions: [predicate] }, app)).status).toBe(200);
    expect(String.fromCodePoint(...(app.engine.decided[1]!.prompt[0] as number[]))).toContain(
      'Developer:\nBe strict.\n\nUser:\nHi\n{"a":1}\n\nAssistant calls look:\n{}\n\nResult of look:\nseen\n\nAssistant:\nDone.\n\n',
    );
  });

  test("a string and a boolean of the same text are distinct", async () => {
    const app = decidingApp();
    const question = { ...choices, choices: [{ value: true }, { value: "true" }] };
    const reply = await decisions({ questions: [question] }, app);
    const { answers } = (await reply.json()) as { answers: { probabilities: { value: unknown }[] }[] };
    expect(answers[0]!.probabilities.map(({ value }) => value)).toEqual([true, "true"]);
    const asked = app.engine.decided[1]!.questions[0]!.options.map((option) =>
      String.fromCodePoint(...option),
    );
    expect(asked).toEqual(["true", '"true"']);
  });

  test.each([
    [{ questions: [] }, "questions", "ask at least one"],
    [{ questions: Array(65).fill(predicate) }, "questions", "65 questions"],
    [{ questions: [{ ...predicate, instructions: "" }] }, "questions[0].instructions", "is empty"],
    [{ questions: [{ ...choices, choices: [] }] }, "questions[0].choices", "has 0 choices"],
    [
      { questions: [{ ...choices, choices: [{ value: "a" }, { value: "a" }] }] },
      "questions[0].choices",
      '"a" is there twice',
    ],
    [{ questions: [{ ...levels, levels: [{ label: "a" }] }] }, "questions[0].levels", "has 1 levels"],
    [{ questions: [{ type: "box" }] }, "questions[0]", 'type must be "predicate"'],
    [{ input: [], questions: [predicate] }, "input", "input is empty"],
    [
      { input: [{ type: "function_call_output", call_id: "c", output: "x" }], questions: [predicate] },
      "input[0]",
      "No tool call found",
    ],
    [
      {
        questions: [
          { ...predicate, instructions: [{ type: "input_image", image_url: "data:image/png;base64,AAAA" }] },
        ],
      },
      "questions[0].instructions",
      "an image belongs in the input",
    ],
    [{ model: "embedder", questions: [predicate] }, null, "does not support decisions"],
  ])("refuses case %#", async (body, param, message) => {
    const told = await refusal(decisions(body));
    expect(told).toMatchObject({ status: 400, message: expect.stringContaining(message), param });
  });
});

describe("a form", () => {
  const question = { q: noul };
  const picture = Buffer.from("89504e470d0a1a0a0000", "hex");

  async function sent(request: object, parts: Record<string, Buffer<ArrayBuffer>>) {
    const app = fakeApp([fakeModel("test", { capabilities: ["completion", "vision"] })]);
    const form = new FormData();
    form.append("request", new Blob([JSON.stringify({ model: "test", ...request })]));
    for (const [name, bytes] of Object.entries(parts)) form.append(name, new Blob([bytes]), name);
    const body = new Request("http://localhost/v1/systemone", { method: "POST", body: form });
    return { app, reply: await app.app.handle(body) };
  }

  test("has its images in parts", async () => {
    const { app, reply } = await sent(
      {
        state: "<image:1>\nBefore and after",
        questions: question,
        assets: { "<image:1>": { part: "asset-0" } },
      },
      { "asset-0": picture },
    );
    expect(reply.status).toBe(200);
    expect(app.engine.decided.at(-1)!.prompt.length).toBeGreaterThan(1);
  });

  test.each<[string, object, string]>([
    [
      "a part that is not there",
      { assets: { x: { part: "asset-1" } } },
      'assets.x: the form has no part "asset-1"',
    ],
    ["an asset without one", { assets: { x: {} } }, "assets.x has no data_base64"],
  ])("%s", async (_, more, message) => {
    const { reply } = await sent({ state: "x", questions: question, ...more }, { "asset-0": picture });
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain(JSON.stringify(message).slice(1, -1));
  });

  test.each([
    ["no form", "multipart/form-data; boundary=x", "nothing of it"],
    [
      "a form without a request",
      "multipart/form-data; boundary=x",
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n',
    ],
  ])("%s", async (_, type, body) => {
    const { app } = fakeApp();
    const url = "http://localhost/v1/systemone";
    const reply = await app.handle(
      new Request(url, { method: "POST", body, headers: { "content-type": type } }),
    );
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain("form");
  });
});
