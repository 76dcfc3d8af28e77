import { type ClientFeature, recordClient } from "./client-matrix.ts";
import { runPython } from "./python.ts";

/** As {@link recordClient}, for a package of requirements.txt. */
export async function recordPypiClient(name: string, ...proven: ClientFeature[]): Promise<void> {
  const code = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))";
  const { stdout, stderr, code: exit } = await runPython(code, { args: [name] });
  if (exit !== 0) throw new Error(`${name} is not installed:\n${stderr}`);
  await recordClient({ name, registry: "PyPI", version: stdout.trim(), proven });
}
