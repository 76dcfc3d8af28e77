import { describe, expect, test } from "bun:test";
import { createClient, type Fetch, LlameroError } from "../../../src/client/index.ts";

interface Seen {
  url: string;
  init: RequestInit;
}

function clientOf(reply: () => Response, settings: { host?: string; headers?: Record<string, string> } = {}) {
  const seen: Seen[] = [];
  const fetch: Fetch = async (url, init) => {
    seen.push({ url, init });
    return reply();
  };
  return { client: createClient({ ...settings, fetch }), seen };
}

const lines = (...values: object[]): Response =>
  new Response(values.map((value) => `${JSON.stringify(value)}\n`).join(""));

async function failure(promise: Promise<unknown>): Promise<LlameroError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof LlameroError) return error;
    throw error;
  }
  throw new Error("did not fail");
}

describe("requests", () => {
  test("go to the host with its path, as JSON, with the client's headers", async () => {
    const { client, seen } = clientOf(() => Response.json({ version: "1" }), {
      host: "http://h:1/x/",
      headers: { authorization: "Bearer k" },
    });
    await client.version();
    await client.copy("a", "b");
    expect(seen.map(({ url, init }) => [init.method, url, init.body])).toEqual([
      ["GET", "http://h:1/x/api/version", undefined],
      ["POST", "http://h:1/x/api/copy", '{"source":"a","destination":"b"}'],
    ]);
    expect(seen[1]?.init.headers).toEqual({ authorization: "Bearer k", "content-type": "application/json" });
  });

  test.each([
    ["generate", { model: "m", stream: false }],
    ["generateStream", { model: "m", stream: true }],
  ] as const)("%s says whether it streams", async (method, body) => {
    const { client, seen } = clientOf(() => lines({ done: true }));
    const answer = client[method]({ model: "m" });
    if (Symbol.asyncIterator in answer) await Array.fromAsync(answer);
    else await answer;
    expect(JSON.parse(String(seen[0]?.init.body))).toEqual(body);
  });

  test("delete has a body", async () => {
    const { client, seen } = clientOf(() => new Response());
    await client.delete("m");
    expect(seen[0]?.init).toMatchObject({ method: "DELETE", body: '{"model":"m"}' });
  });

  test("hasBlob", async () => {
    const digest = `sha256:${"0".repeat(64)}`;
    expect(await clientOf(() => new Response()).client.hasBlob(digest)).toBe(true);
    expect(await clientOf(() => new Response(null, { status: 404 })).client.hasBlob(digest)).toBe(false);
    const refused = clientOf(() => new Response(null, { status: 403 })).client.hasBlob(digest);
    expect((await failure(refused)).status).toBe(403);
  });
});

describe("failures", () => {
  test("an error reply: status and the server's text", async () => {
    const reply = () => Response.json({ error: "no" }, { status: 400, statusText: "Bad Request" });
    const error = await failure(clientOf(reply).client.show({ model: "m" }));
    expect(error).toMatchObject({ status: 400, statusText: "Bad Request", message: "no" });
  });

  test.each([
    ["404 page not found", "404 page not found"],
    ["", "Not Found"],
    ['{"error":{"code":1}}', '{"code":1}'],
  ])("an error reply with the body %j", async (body, message) => {
    const reply = () => new Response(body, { status: 404, statusText: "Not Found" });
    expect((await failure(clientOf(reply).client.list())).message).toBe(message);
  });

  test("no reply: status 0 with the cause", async () => {
    const cause = new TypeError("refused");
    const client = createClient({ fetch: () => Promise.reject(cause) });
    expect(await failure(client.heartbeat())).toMatchObject({ status: 0, message: "refused", cause });
  });

  test("an abort stays an abort", async () => {
    const client = createClient({
      fetch: async (_, { signal }) => {
        signal?.throwIfAborted();
        return new Response();
      },
    });
    const aborted = client.version({ signal: AbortSignal.abort() });
    expect(aborted).rejects.toHaveProperty("name", "AbortError");
  });
});

describe("streams", () => {
  test("yield what came before an error line, then throw it", async () => {
    const { client } = clientOf(() => lines({ response: "a", done: false }, { error: "boom" }));
    const got: string[] = [];
    const reading = (async () => {
      for await (const chunk of client.generateStream({ model: "m" })) got.push(chunk.response);
    })();
    expect(await failure(reading)).toMatchObject({ status: 200, message: "boom" });
    expect(got).toEqual(["a"]);
  });

  test("that stop before the last chunk throw", async () => {
    const { client } = clientOf(() => lines({ response: "a", done: false }));
    const reading = Array.fromAsync(client.generateStream({ model: "m" }));
    expect((await failure(reading)).message).toBe("the server closed the stream before its end");
  });

  test("create ends with success", async () => {
    const { client } = clientOf(() => lines({ status: "writing manifest" }, { status: "success" }));
    const statuses = await Array.fromAsync(client.createStream({ model: "m", from: "x" }));
    expect(statuses.map(({ status }) => status)).toEqual(["writing manifest", "success"]);
  });

  test("are refused with the status", async () => {
    const { client } = clientOf(() => Response.json({ error: "busy" }, { status: 503 }));
    expect((await failure(Array.fromAsync(client.chatStream({ model: "m", messages: [] })))).status).toBe(
      503,
    );
  });
});
