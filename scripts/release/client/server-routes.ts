import { join } from "node:path";
import { API, type Checker, type Program } from "typescript/unstable/async";
import { Failure } from "../../support/failure.ts";
import { ROOT } from "../../support/paths.ts";
import { writeType } from "./write-type.ts";

/**
 * `ServerRoutes` of src/client/server.ts, written out so that nothing of the server is needed to read it.
 *
 * @throws Failure for a type that cannot be written out.
 */
export async function readServerRoutes(): Promise<string> {
  const api = new API({ cwd: ROOT });
  try {
    const config = join(ROOT, "tsconfig.json");
    const snapshot = await api.updateSnapshot({ openProjects: [config] });
    const project = snapshot.getProject(config);
    if (project === undefined) throw new Failure(`${config} cannot be opened`);
    const { program, checker } = project;
    return await exported(program, checker, "src/client/server.ts", "ServerRoutes");
  } finally {
    await api.close();
  }
}

async function exported(program: Program, checker: Checker, path: string, name: string): Promise<string> {
  const file = await program.getSourceFile(join(ROOT, path));
  const module = file && (await checker.getSymbolAtLocation(file));
  const symbols = module === undefined ? [] : await checker.getExportsOfModule(module);
  const symbol = symbols.find((each) => each.name === name);
  if (symbol === undefined) throw new Failure(`${path} exports no ${name}`);
  return writeType(checker, await checker.getDeclaredTypeOfSymbol(symbol));
}
