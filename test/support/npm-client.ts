import { join } from "node:path";
import { type ClientFeature, recordClient } from "./client-matrix.ts";

/** As {@link recordClient}, for a package of npm that is installed here. */
export async function recordNpmClient(name: string, ...proven: ClientFeature[]): Promise<void> {
  await recordClient({ name, registry: "npm", version: await installedVersion(name), proven });
}

/** What the package itself says: read as a file, since not every package exports its package.json. */
async function installedVersion(name: string): Promise<string> {
  const file = Bun.file(join(import.meta.dir, "../../node_modules", name, "package.json"));
  const { version } = (await file.json()) as { version: string };
  return version;
}
