import { expect, test } from "bun:test";
import { ndjsonReply } from "../../../src/api/wire/ndjson.ts";
import { abortedWith } from "../../../src/api/wire/stream-reply.ts";
import { accessLog } from "../../../src/http/access-log.ts";
import { createObserve } from "../../../src/http/observe.ts";
import { RouteTable } from "../../../src/http/route-table.ts";
import { AppError } from "../../../src/lib/errors.ts";
import { createLogger } from "../../../src/lib/logger.ts";
import { addModelWork, beginModelWork } from "../../../src/telemetry/model-work.ts";
import { FakeClock } from "../../support/fake-clock.ts";

function logged() {
  const lines: string[] = [];
  const clock = new FakeClock();
  const observers = [accessLog(createLogger("info", "text", (line) => lines.push(line)))];
  const write = createObserve({ clock, routes: new RouteTable(), observers });
  const request = new Request("http://localhost/api/chat?x=1", {
    method: "POST",
    headers: { "x-request-id": "r-1" },
  });
  return {
    clock,
    lines,
    log: (response: Response) =>
      write(request, response, { id: "key", address: "10.0.0.1" }, clock.nanos() - 1_500_000),
  };
}

const text = (line: string | undefined): string => line?.replace(/^time=\S+ /, "") ?? "";

test("one line a request", async () => {
  const { lines, log } = logged();
  await log(new Response("x", { status: 404 }));
  expect(lines.map(text)).toEqual([
    "level=INFO msg=request status=404 duration=1.5ms client=10.0.0.1 method=POST path=/api/chat id=r-1 error=x",
  ]);
});

test("a stream's line comes at its end and tells how it ended", async () => {
  const { lines, log, clock } = logged();
  const source = (async function* () {
    yield { a: 1 };
    throw new AppError("engine", "gone");
  })();
  const response = await ndjsonReply(source, {
    abort: abortedWith(new AbortController().signal),
    headers: () => ({}),
  });
  const done = log(response);
  expect(lines).toEqual([]);
  clock.advance(2000);
  await response.text();
  await done;
  expect(text(lines[0])).toBe(
    "level=INFO msg=request status=200 duration=2.0015s client=10.0.0.1 method=POST path=/api/chat id=r-1 error=gone",
  );
});

test("what a model did is on the line: tokens in, cached, out, and how fast", () => {
  const lines: string[] = [];
  const write = accessLog(createLogger("info", "text", (line) => lines.push(line)));
  const used = { model: "m", promptTokens: 110, cachedTokens: 10, generatedTokens: 50, firstText: 120e6 };
  const work = addModelWork(beginModelWork("chat", "m:latest"), {
    ...used,
    promptDuration: 0.5e9,
    generateDuration: 2e9,
  });
  const record = { id: "r", method: "POST", path: "/api/chat", status: 200, end: "complete" as const };
  write({ ...record, address: "", startedAt: 0, duration: 3e9, work });
  expect(text(lines[0])).toContain(
    "id=r model=m:latest in=110 cached=10 out=50 in_per_second=200 out_per_second=25 first_token=120ms",
  );
});

test("what machines ask every few seconds is logged where it goes wrong", () => {
  const lines: string[] = [];
  const write = accessLog(createLogger("info", "text", (line) => lines.push(line)));
  const record = { id: "r", method: "GET", path: "/readyz", end: "complete" as const, address: "" };
  write({ ...record, startedAt: 0, duration: 1, status: 200 });
  expect(lines).toEqual([]);
  write({ ...record, startedAt: 0, duration: 1, status: 503 });
  expect(lines).toHaveLength(1);
});
