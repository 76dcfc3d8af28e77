import { describe, expect, test } from "bun:test";
import { createClient, type Fetch, LlameroError, unwrap } from "../../../src/client/index.ts";

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
    await client.api.version.get();
    await client.api.copy.post({ source: "a", destination: "b" });
    await client.api.delete.delete({ model: "m" });
    expect(seen.map(({ url, init }) => [init.method, url, init.body])).toEqual([
      ["GET", "http://h:1/x/api/version", undefined],
      ["POST", "http://h:1/x/api/copy", '{"source":"a","destination":"b"}'],
      ["DELETE", "http://h:1/x/api/delete", '{"model":"m"}'],
    ]);
    expect(seen[1]?.init.headers).toEqual({ authorization: "Bearer k", "content-type": "application/json" });
  });

  test("a parameter of the path cannot leave its segment, and a digest is written as it is", async () => {
    const { client, seen } = clientOf(() => new Response());
    await client.api.blobs({ digest: "sha256:00" }).head();
    await client.api.blobs({ digest: "../tags?x" }).head();
    expect(seen.map(({ url }) => new URL(url).pathname)).toEqual([
      "/api/blobs/sha256:00",
      "/api/blobs/..%2Ftags%3Fx",
    ]);
  });

  test("decisions are asked below /v1, whose failures are objects", async () => {
    const said = { error: { message: "questions is empty", type: "invalid_request_error" } };
    const { client, seen } = clientOf(() => Response.json(said, { status: 400 }));
    const { error } = await client.v1.systemone.post({ model: "m", state: "s", questions: {} });
    await client.v1.decisions.post({ model: "m", input: "s", questions: [] });
    expect(error).toMatchObject({ status: 400, message: "questions is empty" });
    expect(seen.map(({ url, init }) => `${init.method} ${new URL(url).pathname}`)).toEqual([
      "POST /v1/systemone",
      "POST /v1/decisions",
    ]);
  });

  test("a stream asks for one", async () => {
    const { client, seen } = clientOf(() => lines({ done: true }));
    await Array.fromAsync(client.generate({ model: "m" }));
    expect(JSON.parse(String(seen[0]?.init.body))).toEqual({ model: "m", stream: true });
  });

  test("an upload that is refused throws", async () => {
    const { client } = clientOf(() => Response.json({ error: "digest mismatch" }, { status: 400 }));
    const error = await failure(client.uploadBlob("sha256:00", new Blob(["x"])));
    expect(error).toMatchObject({ status: 400, message: "digest mismatch" });
  });
});

describe("results", () => {
  test("data, no error, and the headers", async () => {
    const reply = () => Response.json({ version: "1" }, { headers: { warning: '199 - "x"' } });
    const { data, error, headers } = await clientOf(reply).client.api.version.get();
    expect([data, error, headers.get("warning")]).toEqual([{ version: "1" }, null, '199 - "x"']);
  });

  test("an empty reply has no data", async () => {
    const result = await clientOf(() => new Response()).client.api.copy.post({
      source: "a",
      destination: "b",
    });
    expect([result.data, result.error]).toEqual([undefined, null]);
  });

  test("an error reply: status and the server's text, as a value", async () => {
    const reply = () => Response.json({ error: "no" }, { status: 400, statusText: "Bad Request" });
    const result = await clientOf(reply).client.api.show.post({ model: "m" });
    expect(result.data).toBeNull();
    expect(result.error).toMatchObject({ status: 400, statusText: "Bad Request", message: "no" });
    expect(() => unwrap(result)).toThrow(LlameroError);
  });

  test.each([
    ["404 page not found", "404 page not found"],
    ["", "Not Found"],
    ['{"error":{"code":1}}', '{"code":1}'],
  ])("an error reply with the body %j", async (body, message) => {
    const reply = () => new Response(body, { status: 404, statusText: "Not Found" });
    expect((await clientOf(reply).client.api.tags.get()).error?.message).toBe(message);
  });

  test("no reply: status 0 with the cause", async () => {
    const cause = new TypeError("refused");
    const client = createClient({ fetch: () => Promise.reject(cause) });
    expect((await client.api.version.get()).error).toMatchObject({ status: 0, message: "refused", cause });
  });

  test("a reply that is no JSON is a failure with the connection", async () => {
    const { client } = clientOf(() => new Response("<html>"));
    expect((await client.api.version.get()).error).toMatchObject({ status: 0 });
  });

  test("an abort stays an abort", async () => {
    const client = createClient({
      fetch: async (_, { signal }) => {
        signal?.throwIfAborted();
        return new Response();
      },
    });
    const signal = AbortSignal.abort();
    await expect(client.api.version.get({ signal })).rejects.toHaveProperty("name", "AbortError");
    await expect(Array.fromAsync(client.chat({ model: "m" }, { signal }))).rejects.toHaveProperty(
      "name",
      "AbortError",
    );
  });
});

describe("streams", () => {
  test("yield what came before an error line, then throw it", async () => {
    const { client } = clientOf(() => lines({ response: "a", done: false }, { error: "boom" }));
    const got: string[] = [];
    const reading = (async () => {
      for await (const chunk of client.generate({ model: "m" })) got.push(chunk.response);
    })();
    expect(await failure(reading)).toMatchObject({ status: 200, message: "boom" });
    expect(got).toEqual(["a"]);
  });

  test("that stop before the last chunk throw", async () => {
    const { client } = clientOf(() => lines({ response: "a", done: false }));
    const reading = Array.fromAsync(client.generate({ model: "m" }));
    expect((await failure(reading)).message).toBe("the server closed the stream before its end");
  });

  test("create ends with success", async () => {
    const { client } = clientOf(() => lines({ status: "writing manifest" }, { status: "success" }));
    const statuses = await Array.fromAsync(client.create({ model: "m", from: "x" }));
    expect(statuses.map(({ status }) => status)).toEqual(["writing manifest", "success"]);
  });

  test("are refused with the status", async () => {
    const { client } = clientOf(() => Response.json({ error: "busy" }, { status: 503 }));
    expect((await failure(Array.fromAsync(client.chat({ model: "m", messages: [] })))).status).toBe(503);
  });

  test("leaving the loop cancels the reply", async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('{"response":"a","done":false}\n')),
      cancel: () => {
        cancelled = true;
      },
    });
    const { client } = clientOf(() => new Response(body));
    for await (const chunk of client.generate({ model: "m" })) {
      expect(chunk.response).toBe("a");
      break;
    }
    expect(cancelled).toBe(true);
  });
});
