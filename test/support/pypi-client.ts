import { type ClientFeature, recordClient } from "./client-matrix.ts";
import { type Requirements, runPython } from "./python.ts";

/** As {@link recordClient}, for a package that these requirements install. */
export async function recordPypiClient(
  name: string,
  proven: readonly ClientFeature[],
  requirements: Requirements = "requirements.txt",
): Promise<void> {
  const code = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))";
  const { stdout, stderr, code: exit } = await runPython(code, { requirements, args: [name] });
  if (exit !== 0) throw new Error(`${name} is not installed:\n${stderr}`);
  await recordClient({ name, registry: "PyPI", version: stdout.trim(), proven });
}
