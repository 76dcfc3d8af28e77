import { describe, expect, test } from "bun:test";
import { remaining, renderBar } from "../../../../src/cli/progress/bar.ts";
import { Progress } from "../../../../src/cli/progress/progress.ts";
import { fakeCli } from "../../../support/fake-cli.ts";

describe("renderBar", () => {
  const samples = [
    { at: 0, completed: 0 },
    { at: 2000, completed: 10_000_000 },
  ];

  test("half-way", () => {
    const bar = { message: "copying", completed: 12_000_000, total: 24_000_000, samples };
    expect(renderBar(bar, 80)).toBe(
      `copying  50% ▕${"█".repeat(16)}${" ".repeat(16)}▏  12 MB/ 24 MB   5 MB/s     2s`,
    );
  });

  test("finished: only the total", () => {
    const line = renderBar({ message: "copying", completed: 24, total: 24, samples }, 80);
    expect(line).toMatch(/^copying 100% ▕█+▏ {3}24 B$/);
  });

  test.each([10, 20, 40, 60, 79, 80])("never as wide as %d columns", (columns) => {
    const bar = {
      message: "copying file sha256:0123456789ab of a long name",
      completed: 330e6,
      total: 1.1e9,
      samples,
    };
    expect(Bun.stringWidth(renderBar(bar, columns))).toBeLessThan(columns);
    expect(Bun.stringWidth(renderBar({ ...bar, completed: bar.total }, columns))).toBeLessThan(columns);
  });

  test("no room for a bar, nothing known about the rate", () => {
    expect(renderBar({ message: "copying", completed: 0, total: 0, samples: [] }, 30)).toBe(
      "copying   0%     0 B/   0 B",
    );
  });
});

test.each([
  [0, "0s"],
  [59, "59s"],
  [3599, "59m59s"],
  [3720, "1h2m"],
  [360_000, "99h+"],
])("remaining %d", (seconds, text) => {
  expect(remaining(seconds)).toBe(text);
});

describe("Progress", () => {
  test("plain lines, each once, where there is no terminal", () => {
    const cli = fakeCli();
    const progress = new Progress(cli.stderr, cli.now);
    progress.status("");
    progress.status("a");
    progress.status("a");
    progress.bar("b", 1, 2);
    progress.bar("b", 2, 2);
    progress.stop();
    expect(cli.err()).toBe("a\nb\n");
  });

  test("redraws on a terminal and leaves the last picture", () => {
    const cli = fakeCli({ terminal: true });
    const progress = new Progress(cli.stderr, cli.now);
    progress.status("a");
    progress.status("b");
    progress.stop();
    expect(cli.err()).toBe("\ra ⠙\x1b[K\ra\x1b[K\nb ⠹\x1b[K\r\x1b[1Aa\x1b[K\nb\x1b[K\n");
  });

  test("more lines than the terminal has: the last ones", () => {
    const cli = fakeCli({ terminal: true, rows: 3 });
    const progress = new Progress(cli.stderr, cli.now);
    for (const name of ["a", "b", "c"]) progress.status(name);
    progress.stop();
    expect(cli.err()).toEndWith("\r\x1b[1Ab\x1b[K\nc\x1b[K\n");
  });

  test("clear leaves nothing", () => {
    const cli = fakeCli({ terminal: true });
    const progress = new Progress(cli.stderr, cli.now);
    progress.status("a");
    progress.clear();
    progress.clear();
    expect(cli.err()).toBe("\ra ⠙\x1b[K\r\x1b[J");
  });
});
