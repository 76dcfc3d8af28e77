import { expect, test } from "bun:test";
import { join } from "node:path";
import { runProgram } from "../../../src/cli/run-program.ts";

const FILE = join(import.meta.dir, "../../../src/cli/run-program.ts");
const env = { PATH: process.env.PATH };

test("the exit code is the program's, and its environment what it is given", async () => {
  expect(await runProgram(["sh", "-c", 'exit "$CODE"'], { ...env, CODE: "7" })).toBe(7);
});

test("a program that a signal has ended", async () => {
  expect(await runProgram(["sh", "-c", "kill -TERM $$"], env)).toBe(128 + 15);
});

test("a program that there is not", async () => {
  expect(await runProgram(["llamero-no-such-program"], env)).toBeUndefined();
});

test("an interrupt is the program's to answer", async () => {
  const script = "trap 'echo interrupted; exit 5' INT; echo ready; for i in $(seq 200); do sleep 0.05; done";
  const code = `import { runProgram } from ${JSON.stringify(FILE)};
process.exitCode = await runProgram(["sh", "-c", ${JSON.stringify(script)}], process.env);`;
  const child = Bun.spawn([process.execPath, "-e", code], {
    env: { ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  let said = "";
  for await (const chunk of child.stdout) {
    said += new TextDecoder().decode(chunk);
    if (said === "ready\n") child.kill("SIGINT");
  }
  expect([said, await child.exited]).toEqual(["ready\ninterrupted\n", 5]);
});
