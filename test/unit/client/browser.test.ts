import { expect, test } from "bun:test";
import { join } from "node:path";

const ENTRY = join(import.meta.dir, "../../../src/client/index.ts");

/** What the client pulls in at run time. `scripts/quickstart` imports it before anything is installed, so packages count too. */
async function bundle(): Promise<{ code: string; inputs: string[] }> {
  const foreign: string[] = [];
  const { outputs } = await Bun.build({
    entrypoints: [ENTRY],
    target: "browser",
    plugins: [
      {
        name: "note what is not a file of the client",
        setup(build) {
          build.onResolve({ filter: /.*/ }, ({ path, kind }) => {
            if (kind !== "entry-point-build" && !path.startsWith("./")) foreign.push(path);
            return undefined;
          });
        },
      },
    ],
  });
  return { code: (await outputs[0]?.text()) ?? "", inputs: foreign };
}

test("the client needs nothing but its own files and web standards", async () => {
  const { code, inputs } = await bundle();
  expect(inputs).toEqual([]);
  expect(code).toContain("/api/chat");
  expect(code).not.toMatch(/\b(Bun|process|Buffer|require)\b[.(]/);
});
