import { expect, test } from "bun:test";
import { ndjsonReply } from "../../../src/api/wire/ndjson.ts";
import { abortedWith } from "../../../src/api/wire/stream-reply.ts";
import { accessLog } from "../../../src/http/access-log.ts";
import { createObserve } from "../../../src/http/observe.ts";
import { RouteTable } from "../../../src/http/route-table.ts";
import { AppError } from "../../../src/lib/errors.ts";
import { createLogger } from "../../../src/lib/logger.ts";
import { FakeClock } from "../../support/fake-clock.ts";

function logged() {
  const lines: string[] = [];
  const clock = new FakeClock();
  const observers = [accessLog(createLogger("info", (line) => lines.push(line)))];
  const write = createObserve({ clock, routes: new RouteTable(), observers });
  const request = new Request("http://localhost/api/chat?x=1", { method: "POST" });
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
    "level=INFO msg=request status=404 duration=1.5ms client=10.0.0.1 method=POST path=/api/chat",
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
    "level=INFO msg=request status=200 duration=2.0015s client=10.0.0.1 method=POST path=/api/chat error=gone",
  );
});
