/** The document in a public linter: Redocly's recommended rules, warnings included. */
import { expect, test } from "bun:test";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "../..");
const LIMIT_MS = 60_000;

test(
  "openapi/openapi.json has nothing that Redocly's linter finds fault with",
  async () => {
    const linter = join(ROOT, "node_modules/@redocly/cli/bin/cli.js");
    const command = [linter, "lint", "openapi/openapi.json", "--extends=recommended", "--format=json"];
    const child = Bun.spawn([process.execPath, ...command], {
      cwd: ROOT,
      // Otherwise it reports to its makers, and asks for a later version of itself.
      env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
      stdout: "pipe",
      stderr: "pipe",
      timeout: LIMIT_MS,
    });
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    expect([await child.exited, stderr]).toEqual([0, expect.any(String)]);
    const { totals, problems } = JSON.parse(stdout) as { totals: object; problems: object[] };
    expect(problems).toEqual([]);
    expect(totals).toEqual({ errors: 0, warnings: 0, ignored: 0 });
  },
  LIMIT_MS,
);
