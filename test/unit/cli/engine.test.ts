import { describe, expect, test } from "bun:test";
import { runCli } from "../../../src/cli/run-cli.ts";
import { fakeCli } from "../../support/fake-cli.ts";

describe("engine", () => {
  test.each([
    [["add", "vision"], "built libmtmd\n"],
    [["build"], "built for this machine\n"],
    [["build", "cuda"], "built for cuda\n"],
    [["remove"], "removed\n"],
  ])("%p", async (args, out) => {
    const cli = fakeCli();
    expect([await runCli(["engine", ...args], cli), cli.out()]).toEqual([0, out]);
  });

  test.each([[["add", "taste"]], [["remove", "cuda"]], [["mend"]]])(
    "%p is told what there is",
    async (args) => {
      const cli = fakeCli();
      expect([await runCli(["engine", ...args], cli), cli.err()]).toEqual([
        1,
        expect.stringContaining(
          `unknown "${args.join(" ")}"; there is: engine build [cpu|cuda|vulkan|metal], engine remove, engine add vision`,
        ),
      ]);
    },
  );
});
