import { describe, expect, test } from "bun:test";
import { memberTag } from "../../src/lib/member-tag.ts";
import { RESPONSE_LIMITS } from "../../src/store/responses.ts";
import { type FakeApp, fakeApp } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";
import { eventsOf } from "../support/sse.ts";

const TEMPLATE =
  "{{ range .Tools }}({{ .Function.Name }}){{ end }}{{ range .Messages }}<{{ .Role }}>{{ .Content }}{{ range .ToolCalls }}{{ .Function.Name }}{{ .Function.Arguments }}{{ end }}{{ if .ToolName }}={{ .ToolName }}{{ end }}{{ end }}{{ if .ToolCalls }}<tool_call>{{ end }}";

const newApp = () =>
  fakeApp([fakeModel("test", { template: TEMPLATE, capabilities: ["completion", "tools"] })]);

interface Answer {
  id: string;
  output: { id: string; type: string; call_id?: string }[];
}
const post = (app: FakeApp, body: object) => app.send("POST", "/v1/responses", { model: "test", ...body });
async function create(app: FakeApp, body: object): Promise<Answer> {
  const reply = await post(app, body);
  expect(reply.status).toBe(200);
  return (await reply.json()) as Answer;
}
const get = (app: FakeApp, path: string) => app.send("GET", `/v1/responses/${path}`);
const lastPrompt = ({ engine }: FakeApp): string => String.fromCodePoint(...engine.tasks.at(-1)!.tokens);
const notFound = (id: string) => ({
  error: {
    message: `Response with id '${id}' not found.`,
    type: "not_found_error",
    param: null,
    code: null,
  },
});
const noPrevious = (id: string) => ({
  error: {
    message: `Previous response with id '${id}' not found.`,
    type: "invalid_request_error",
    param: "previous_response_id",
    code: "previous_response_not_found",
  },
});

describe("previous_response_id", () => {
  test("in a pool an id ends with the name of the member that keeps the response", async () => {
    const app = newApp();
    const body = { model: "test", input: "a" };
    const reply = await app.send("POST", "/v1/responses", body, { "x-llamero-server": "gpu1_11434" });
    const { id } = (await reply.json()) as Answer;
    expect(id).toMatch(new RegExp(`^resp_[a-z0-9]{24}${memberTag("gpu1_11434")}$`));
    expect((await get(app, id)).status).toBe(200);
    expect((await create(app, { input: "a" })).id).toMatch(/^resp_[a-z0-9]{24}$/);
  });

  test("continues a conversation from its beginning, without instructions", async () => {
    const app = newApp();
    app.engine.replies = [{ texts: ["A"] }, { texts: ["B"] }];
    const first = await create(app, { input: "a", instructions: "be one" });
    const second = await create(app, {
      input: "b",
      instructions: "be two",
      previous_response_id: first.id,
    });
    expect(lastPrompt(app)).toBe("<system>be two<user>a<assistant>A<user>b");
    expect(second).toMatchObject({ previous_response_id: first.id, instructions: "be two" });
    await create(app, { input: [], previous_response_id: second.id });
    expect(lastPrompt(app)).toBe("<user>a<assistant>A<user>b<assistant>B");
    await create(app, { input: "c", previous_response_id: first.id });
    expect(lastPrompt(app)).toBe("<user>a<assistant>A<user>c");
  });

  test("has calls and what came of them", async () => {
    const app = newApp();
    app.engine.replies = [{ texts: ['<tool_call>{"name": "f", "arguments": {"a": 1}}</tool_call>'] }];
    const tools = [{ type: "function", name: "f", parameters: { type: "object" } }];
    const { id, output } = await create(app, { input: "a", tools });
    const answered = { type: "function_call_output", call_id: output[0]!.call_id, output: "1" };
    const second = await create(app, { input: [answered], previous_response_id: id });
    expect(lastPrompt(app)).toBe('<user>a<assistant>f{"a":1}<tool>1=f');
    await create(app, { input: "b", previous_response_id: second.id });
    expect(lastPrompt(app)).toBe('<user>a<assistant>f{"a":1}<tool>1=f<assistant>ok<user>b');
  });

  test.each([true, false])("that is unknown is refused, stream %p", async (stream) => {
    const reply = await post(newApp(), { input: "a", previous_response_id: "resp_x", stream });
    expect<unknown>([reply.status, await reply.json()]).toEqual([400, noPrevious("resp_x")]);
  });

  test("cannot bridge a response that has been deleted", async () => {
    const app = newApp();
    const first = await create(app, { input: "a" });
    const second = await create(app, { input: "b", previous_response_id: first.id });
    const third = await create(app, { input: "c", previous_response_id: second.id });
    await app.send("DELETE", `/v1/responses/${second.id}`);
    const reply = await post(app, { input: "d", previous_response_id: third.id });
    expect<unknown>([reply.status, await reply.json()]).toEqual([400, noPrevious(second.id)]);
    expect((await get(app, third.id)).status).toBe(200);
    await create(app, { input: "d", previous_response_id: first.id });
  });

  test("of a response that is not kept, or no more, is unknown", async () => {
    const app = newApp();
    const unkept = await create(app, { input: "a", store: false });
    expect((await post(app, { input: "b", previous_response_id: unkept.id })).status).toBe(400);
    expect((await get(app, unkept.id)).status).toBe(404);
    const kept = await create(app, { input: "a" });
    await app.clock.advance(RESPONSE_LIMITS.ttlMs);
    const reply = await post(app, { input: "b", previous_response_id: kept.id });
    expect<unknown>([reply.status, await reply.json()]).toEqual([400, noPrevious(kept.id)]);
  });

  test("of a stream", async () => {
    const app = newApp();
    app.engine.replies = [{ texts: ["A", "B"] }];
    const events = (await eventsOf(await post(app, { input: "a", stream: true }))) as {
      response: Answer;
    }[];
    await create(app, { input: "b", previous_response_id: events[0]!.response.id });
    expect(lastPrompt(app)).toBe("<user>a<assistant>AB<user>b");
  });
});

describe("item_reference", () => {
  test("is the item that it names", async () => {
    const app = newApp();
    app.engine.replies = [{ texts: ["A"] }];
    const { output } = await create(app, { input: "a" });
    const again = await create(app, {
      input: [
        { type: "item_reference", id: output[0]!.id },
        { role: "user", content: "b" },
      ],
    });
    expect(lastPrompt(app)).toBe("<assistant>A<user>b");
    const { data } = (await (await get(app, `${again.id}/input_items?order=asc`)).json()) as {
      data: object[];
    };
    expect<unknown>(data[0]).toMatchObject({ id: output[0]!.id, type: "message", role: "assistant" });
  });

  test.each([{}, { type: null }])("needs no type: %j", async (type) => {
    const app = newApp();
    app.engine.replies = [{ texts: ["A"] }];
    const { output } = await create(app, { input: "a" });
    await create(app, {
      input: [
        { ...type, id: output[0]!.id },
        { role: "user", content: "b" },
      ],
    });
    expect(lastPrompt(app)).toBe("<assistant>A<user>b");
  });

  test("to an unknown item is refused", async () => {
    const reply = await post(newApp(), { input: [{ type: "item_reference", id: "msg_x" }] });
    expect<unknown>([reply.status, await reply.json()]).toMatchObject([
      400,
      { error: { param: "input[0]", message: expect.stringContaining("Item with id 'msg_x' not found.") } },
    ]);
  });
});

describe("a response that is kept", () => {
  test("is found as it was", async () => {
    const app = newApp();
    const response = await create(app, { input: "a", metadata: { k: "v" } });
    expect((await (await get(app, response.id)).json()) as Answer).toEqual(response);
  });

  test("can be told again as a stream, also from its middle on", async () => {
    const app = newApp();
    app.engine.replies = [{ texts: ["A", "B"] }];
    const live = (await eventsOf(await post(app, { input: "a", stream: true }))) as {
      type: string;
      response: Answer;
    }[];
    const { id } = live[0]!.response;
    const told = (await eventsOf(await get(app, `${id}?stream=true`))) as typeof live;
    const types = live.map(({ type }) => type);
    // The two pieces of text are one.
    expect(told.map(({ type }) => type)).toEqual(types.toSpliced(5, 1));
    expect(told.at(-1)!.response).toEqual(live.at(-1)!.response);
    expect(told[4]).toMatchObject({ delta: "AB" });
    const rest = await eventsOf(await get(app, `${id}?stream=true&starting_after=4`));
    expect(rest).toEqual(told.slice(5));
  });

  test("is gone once it is deleted", async () => {
    const app = newApp();
    const { id } = await create(app, { input: "a" });
    const gone = await app.send("DELETE", `/v1/responses/${id}`);
    expect<unknown>([gone.status, await gone.json()]).toEqual([
      200,
      { id, object: "response", deleted: true },
    ]);
    for (const [method, path] of [
      ["GET", id],
      ["GET", `${id}?stream=true`],
      ["GET", `${id}/input_items`],
      ["DELETE", id],
      ["POST", `${id}/cancel`],
    ]) {
      const reply = await app.send(method!, `/v1/responses/${path}`);
      expect<unknown>([reply.status, await reply.json()]).toEqual([404, notFound(id)]);
    }
  });

  test("cannot be cancelled", async () => {
    const app = newApp();
    const { id } = await create(app, { input: "a" });
    const reply = await app.send("POST", `/v1/responses/${id}/cancel`);
    expect<unknown>([reply.status, await reply.json()]).toMatchObject([
      400,
      { error: { message: "Cannot cancel a synchronous response.", type: "invalid_request_error" } },
    ]);
  });
});

describe("input items", () => {
  const listed = async (query: string, input: unknown = ["1", "2", "3"].map(said)) => {
    const app = newApp();
    const first = await create(app, { input: "before" });
    const { id } = await create(app, { input, previous_response_id: first.id });
    return (await (await get(app, `${id}/input_items${query}`)).json()) as {
      data: { id: string; content: { text: string }[] }[];
      first_id: string;
      last_id: string;
      has_more: boolean;
    };
  };
  const said = (text: string) => ({ id: `msg_${text}`, role: "user", content: text });
  const textsOf = ({ data }: Awaited<ReturnType<typeof listed>>) =>
    data.map(({ content }) => content[0]!.text);

  test.each([
    ["", ["3", "2", "1"], false],
    ["?order=asc", ["1", "2", "3"], false],
    ["?limit=2", ["3", "2"], true],
    ["?limit=2&after=msg_2", ["1"], false],
    ["?order=asc&after=msg_1&limit=1", ["2"], true],
  ])("%j are the request's own", async (query, texts, more) => {
    const list = await listed(query);
    expect(textsOf(list)).toEqual(texts);
    expect([list.first_id, list.last_id, list.has_more]).toEqual([
      `msg_${texts[0]}`,
      `msg_${texts.at(-1)}`,
      more,
    ]);
  });

  test("a text is a message of the user's", async () => {
    const list = await listed("", "hi");
    expect<unknown>(list.data).toEqual([
      {
        id: expect.stringMatching(/^msg_[a-z0-9]{24}$/),
        type: "message",
        status: "completed",
        role: "user",
        content: [{ type: "input_text", text: "hi" }],
      },
    ]);
  });

  test.each([
    ["?limit=0", "limit"],
    ["?limit=101", "limit"],
    ["?limit=x", "limit"],
    ["?order=up", "order"],
    ["?after=msg_9", "after"],
  ])("%s is refused", async (query, param) => {
    expect<unknown>(await listed(query)).toMatchObject({ error: { param } });
  });

  test("of none", async () => {
    expect<unknown>(await listed("", [])).toEqual({
      object: "list",
      data: [],
      first_id: null,
      last_id: null,
      has_more: false,
    });
  });
});

test("starting_after has to be a number", async () => {
  const app = newApp();
  const { id } = await create(app, { input: "a" });
  expect((await get(app, `${id}?stream=true&starting_after=x`)).status).toBe(400);
  expect((await get(app, `${id}?starting_after=-1`)).status).toBe(400);
});
