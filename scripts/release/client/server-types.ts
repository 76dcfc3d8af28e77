import { join } from "node:path";
import { API, type Checker, type Program } from "typescript/unstable/async";
import { Failure } from "../../support/failure.ts";
import { ROOT } from "../../support/paths.ts";
import { writeType } from "./write-type.ts";

/** What the client takes from the server's types, written out so that nothing of the server is needed to read it. */
export interface ServerTypes {
  /** `Routes` of src/client/routes.ts. */
  routes: string;
  /** `DecisionRoutes` there. */
  decisionRoutes: string;
  /** `EdenRoutes` of src/client/eden.ts. */
  edenRoutes: string;
}

/** @throws Failure for a type that cannot be written out. */
export async function readServerTypes(): Promise<ServerTypes> {
  const api = new API({ cwd: ROOT });
  try {
    const config = join(ROOT, "tsconfig.json");
    const snapshot = await api.updateSnapshot({ openProjects: [config] });
    const project = snapshot.getProject(config);
    if (project === undefined) throw new Failure(`${config} cannot be opened`);
    const { program, checker } = project;
    return {
      routes: await exported(program, checker, "src/client/routes.ts", "Routes"),
      decisionRoutes: await exported(program, checker, "src/client/routes.ts", "DecisionRoutes"),
      edenRoutes: await exported(program, checker, "src/client/eden.ts", "EdenRoutes"),
    };
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
