import { expect, test } from "bun:test";
import { createLogger } from "../../../src/lib/logger.ts";

test("a JSON object each, with the keys of the lines for people", () => {
  const lines: string[] = [];
  const logger = createLogger("info", "json", (line) => lines.push(line));
  logger.info('a "quoted"\nmessage', { status: 200, ok: true, level: "forged", gone: undefined });
  logger.debug("not this one");
  expect(lines).toHaveLength(1);
  expect(Object.keys(JSON.parse(lines[0] ?? ""))).toEqual(["time", "level", "msg", "status", "ok"]);
  const { time, ...rest } = JSON.parse(lines[0] ?? "");
  expect(Number.isNaN(Date.parse(time))).toBe(false);
  expect(rest).toEqual({ status: 200, ok: true, level: "INFO", msg: 'a "quoted"\nmessage' });
});
