import { existsSync } from "node:fs";
import { join } from "node:path";
import { fetchModel } from "./fetch-model.ts";
import { TEST_MODELS } from "./models.ts";
import { requireChromium } from "./support/chromium.ts";
import { Failure, runScript } from "./support/failure.ts";
import { installDependencies } from "./support/install.ts";
import { ROOT } from "./support/paths.ts";
import { testCounts } from "./support/test-counts.ts";

/**
 * Everything that must hold before a commit: `bun run check`; `--full` adds the tests that take long. Ends at the first failure.
 * The last line, `N passed, N failed`, is for CI.
 */
interface Step {
  name: string;
  /** @returns whether it succeeded. */
  run(): Promise<boolean>;
}

/** A test without a limit of its own may take this long: five seconds, Bun's own, are short on a machine with other work. */
const TEST_LIMIT_MS = 60_000;

const total = { passed: 0, failed: 0 };

const STEPS: readonly Step[] = [
  { name: "install", run: () => succeeds(installDependencies("check")) },
  { name: "lint", run: () => bun("run", "--silent", "lint") },
  { name: "types", run: () => bun("run", "--silent", "types") },
  { name: "unused code", run: () => bun("run", "--silent", "unused") },
  { name: "unit and contract tests", run: () => tests("test/unit", "test/contract") },
  { name: "test models", run: () => succeeds(Promise.all(TEST_MODELS.map(fetchModel))) },
  { name: "end-to-end tests", run: () => tests("test/e2e") },
];
const FULL: readonly Step[] = [
  { name: "browser", run: () => succeeds(requireChromium()) },
  { name: "full tests", run: () => tests("test/full") },
];

async function main(): Promise<void> {
  const lines: string[] = [];
  let failure: string | undefined;
  for (const { name, run } of process.argv.includes("--full") ? [...STEPS, ...FULL] : STEPS) {
    console.log(`── ${name}`);
    const start = performance.now();
    const passed = await run();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    lines.push(`${passed ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
    if (passed) continue;
    failure = name;
    break;
  }
  console.log(`\n${lines.join("\n")}\n\n${total.passed} passed, ${total.failed} failed`);
  if (failure !== undefined) throw new Failure(`${failure} failed`);
}

/** Runs `bun test` on those of the folders that have tests, and adds up what it counts. */
async function tests(...folders: string[]): Promise<boolean> {
  const filled = folders.filter(hasTests);
  if (filled.length === 0) return true;
  const { code, output } = await spawn(["test", "--only-failures", `--timeout=${TEST_LIMIT_MS}`, ...filled]);
  const { passed, failed } = testCounts(output);
  total.passed += passed;
  total.failed += failed;
  return code === 0;
}

function hasTests(folder: string): boolean {
  if (!existsSync(join(ROOT, folder))) return false;
  return !new Bun.Glob("**/*.test.ts").scanSync({ cwd: join(ROOT, folder) }).next().done;
}

/** What ends without a {@link Failure} has succeeded. */
async function succeeds(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(error.message);
    return false;
  }
}

async function bun(...args: string[]): Promise<boolean> {
  return (await spawn(args)).code === 0;
}

/** Runs bun, passing its output on as it comes. */
async function spawn(args: string[]): Promise<{ code: number; output: string }> {
  const child = Bun.spawn([process.execPath, ...args], {
    cwd: ROOT,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const texts = await Promise.all([tee(child.stdout, process.stdout), tee(child.stderr, process.stderr)]);
  return { code: await child.exited, output: texts.join("\n") };
}

async function tee(from: ReadableStream<Uint8Array>, to: NodeJS.WriteStream): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of from) {
    to.write(chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

await runScript(main);
