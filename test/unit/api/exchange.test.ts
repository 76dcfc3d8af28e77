import { expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { setCaller } from "../../../src/api/caller.ts";
import { exchange } from "../../../src/api/exchange.ts";
import type { Notice } from "../../../src/intent/generate.ts";
import { createLogger } from "../../../src/lib/logger.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { sources } from "../architecture/sources.ts";

const Line = Type.Object({ status: Type.String() });
const notice = (message: string): Notice => ({ code: "ignored_field", message });

function begun(headers = {}) {
  const log: string[] = [];
  const connection = new AbortController();
  const request = new Request("http://localhost/api/x?y=1", { signal: connection.signal });
  setCaller(request, { id: "key:ada", address: "203.0.113.9" });
  const held: [Request, number][] = [];
  const server = { timeout: (...asked: [Request, number]) => held.push(asked) };
  const logger = createLogger("info", "text", (line) => log.push(line));
  const call = exchange(request, server, { clock: new FakeClock(), logger }, headers);
  return { call, connection, held, log, request };
}

async function* lines(...statuses: string[]) {
  for (const status of statuses) yield { status };
}

test("it knows who asks for what, and the connection may be silent from now on", () => {
  const { call, held, request } = begun();
  expect([call.caller, call.path]).toEqual(["key:ada", "/api/x"]);
  expect(held).toEqual([[request, 0]]);
});

test("a request whose caller the door could not tell has none", () => {
  const logger = createLogger("info", "text", () => {});
  const call = exchange(new Request("http://localhost/"), null, { clock: new FakeClock(), logger });
  expect(call.caller).toBe("");
});

test("its signal fires with the connection's, and was not asked for too late", () => {
  const { call, connection } = begun();
  connection.abort();
  expect(call.signal.aborted).toBe(true);
  expect(call.signal.reason).toMatchObject({ kind: "cancelled", message: "request canceled" });
});

test("it fires when the client leaves a stream", async () => {
  const { call } = begun();
  const reply = await call.lines(Line, lines("a", "b", "c"));
  const reader = reply.body!.getReader();
  await reader.read();
  await reader.cancel();
  expect(call.signal.aborted).toBe(true);
});

test("notices are told in the header and the log, each once", async () => {
  const { call, log } = begun({ "request-id": "req_1" });
  call.notices.add([notice("a ignored"), notice("b ignored")]);
  call.notices.add([notice("a ignored")]);
  const reply = call.json(Line, { status: "<" });
  expect(reply.headers.get("warning")).toBe('199 - "a ignored", 199 - "b ignored"');
  expect(reply.headers.get("request-id")).toBe("req_1");
  expect(await reply.text()).toBe('{"status":"\\u003c"}');
  expect(log).toHaveLength(2);
  expect(log[0]).toEndWith('level=WARN msg="a ignored" code=ignored_field path=/api/x');
});

test("a reply without a body has the header too", () => {
  const { call } = begun();
  call.notices.add([notice("a ignored")]);
  expect(call.empty(201)).toMatchObject({ status: 201, body: null });
});

test("notices that come while a stream begins still reach its header", async () => {
  const { call } = begun();
  async function* source() {
    call.notices.add([notice("cut")]);
    yield { status: "a" };
  }
  expect((await call.lines(Line, source())).headers.get("warning")).toBe('199 - "cut"');
});

test("long work replies with its lines, or with the last one", async () => {
  const streamed = await begun().call.progress(Line, lines("a", "b"));
  expect(streamed.headers.get("content-type")).toBe("application/x-ndjson");
  expect(await streamed.text()).toBe('{"status":"a"}\n{"status":"b"}\n');
  const whole = await begun().call.progress(Line, lines("a", "b"), false);
  expect(whole.headers.get("content-type")).toBe("application/json");
  expect(await whole.text()).toBe('{"status":"b"}');
});

test("a failure is the last event, in the dialect's words", async () => {
  const { call } = begun();
  async function* source() {
    yield { event: "line", data: { status: "a" } };
    throw new Error("secret");
  }
  const reply = await call.events(Line, source(), {
    failure: ({ message }) => ({ event: "error", data: { status: message } }),
  });
  expect(await reply.text()).toBe(
    'event: line\ndata: {"status":"a"}\n\nevent: error\ndata: {"status":"internal server error"}\n\n',
  );
});

test("replies are made by exchanges alone, and by the envelopes of failures", () => {
  const makers = /\bnew Response\(|\b(json|text|empty|encoded|ndjson|sse)Reply\(/;
  const others = sources()
    .filter(({ path }) => path.startsWith("src/api/") && !path.startsWith("src/api/wire/"))
    .filter(({ path, text }) => makers.test(text) && !/\/(exchange|render-error)\.ts$/.test(path));
  expect(others.map(({ path }) => path)).toEqual([]);
});
