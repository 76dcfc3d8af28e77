import { expect, test } from "bun:test";
import { NoticeBoard } from "../../../../src/api/wire/notice-board.ts";
import { createLogger } from "../../../../src/lib/logger.ts";

const notice = (message: string) => ({ code: "ignored_option" as const, message });

function board() {
  const log: string[] = [];
  return {
    log,
    notices: new NoticeBoard(
      "/api/chat",
      createLogger("info", "text", (line) => log.push(line)),
    ),
  };
}

test("each notice is told and logged once", () => {
  const { log, notices } = board();
  notices.add([notice("a"), notice("a"), notice("b")]);
  notices.add([notice("b")]);
  expect(notices.headers().warning).toContain("b");
  expect(log.length).toBe(2);
});

test("of hundreds of thousands a few are told, and the rest is counted", () => {
  const { log, notices } = board();
  notices.headers();
  notices.add(Array.from({ length: 200_000 }, (_, at) => notice(`k${at} ignored`)));
  const told = notices.late();
  expect([told.length, told.at(-1), log.length]).toEqual([33, "199968 more notices", 33]);
});

test("a message with a name of megabytes in it is cut", () => {
  const { log, notices } = board();
  notices.headers();
  notices.add([notice("x".repeat(5_000_000))]);
  expect(notices.late()[0]!.length).toBeLessThan(1_000);
  expect(log.join("").length).toBeLessThan(2_000);
});
