/**
 * `main.ts <folder>`: builds libmtmd into llamero's folder for what it has built, fetching a compiler where there is none. Prints a line
 * for each step, and what went wrong as the last one; exits with 0 when the library is there.
 */
import { AppError } from "../../src/lib/errors.ts";
import { ensureLibrary } from "./build.ts";
import { fetchCompiler, findCompiler } from "./compiler.ts";
import { isBuilt } from "./library.ts";

const [cache = ""] = process.argv.slice(2);
const say = (line: string): void => console.log(line);

try {
  if (isBuilt(cache)) say("vision is in place");
  else {
    const compiler = findCompiler(cache) ?? (await fetchCompiler(cache, say));
    await ensureLibrary({ cache, say, compiler });
  }
} catch (error) {
  console.error(AppError.from(error).message);
  process.exitCode = 1;
}
