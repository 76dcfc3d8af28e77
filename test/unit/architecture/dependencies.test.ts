import { expect, test } from "bun:test";
import packageJson from "../../../package.json" with { type: "json" };
import { packagesOf, sources } from "./sources.ts";

/** Of a specifier such as `@scope/name/file`: `@scope/name`. What Bun and Node.js bring is no package. */
const packageName = (specifier: string): string | undefined =>
  /^(?!node:|bun$|bun:)((?:@[\w.-]+\/)?[\w.-]+)(?:\/[\w./-]+)?$/.exec(specifier)?.[1];

/** `bun run quickstart` installs no devDependencies. */
const installed = { ...packageJson.dependencies, ...packageJson.optionalDependencies };

test("what the product imports is among its dependencies", () => {
  const missing = sources().flatMap((file) =>
    packagesOf(file)
      .map(packageName)
      .filter((name) => name !== undefined && !(name in installed))
      .map((name) => `${file.path} imports ${name}`),
  );
  expect(missing).toEqual([]);
});
