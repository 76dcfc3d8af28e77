import { join, relative } from "node:path";
import { plugin } from "bun";
import { parseSync } from "oxc-parser";
import { isFunction, isNode, type SyntaxNode } from "./syntax-nodes.ts";

/**
 * A program of ours (`TRACED_PROGRAM`) that notes in which of its files a function runs. At a SIGUSR2 it writes them into the folder
 * `TRACED_INTO` and forgets them; so do the runners that it starts.
 */

const ROOT = join(import.meta.dir, "../..");
const RUNNER = join(ROOT, "native/runner/main.ts");
const { TRACED_PROGRAM = "", TRACED_INTO = "" } = process.env;

const ran = new Set<string>();
const noteRun = (path: string) => void ran.add(path);
Object.assign(globalThis, { noteRun });

function* nodesIn(value: unknown): Generator<SyntaxNode> {
  if (Array.isArray(value)) for (const each of value) yield* nodesIn(each);
  else if (isNode(value)) {
    yield value;
    for (const member of Object.values(value)) yield* nodesIn(member);
  }
}

/** The text of a file whose functions say that they run, before they do anything else. */
function traced(path: string, text: string): string {
  const call = `noteRun(${JSON.stringify(relative(ROOT, path))})`;
  const edits: { at: number; insert: string }[] = [];
  for (const node of nodesIn(parseSync(path, text).program)) {
    if (!isFunction(node) || !("body" in node) || !isNode(node.body)) continue;
    const { type, start, end } = node.body;
    if (type === "BlockStatement") edits.push({ at: start + 1, insert: `${call};` });
    else edits.push({ at: start, insert: `(${call},(` }, { at: end, insert: "))" });
  }
  // Of two at one place the outer function's comes last, so that what begins there is the outer one.
  const last = edits.toSorted((a, b) => b.at - a.at);
  return last.reduce((edited, { at, insert }) => edited.slice(0, at) + insert + edited.slice(at), text);
}

plugin({
  name: "traced",
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await Bun.file(path).text();
      const ours = /^(src|native)\//.test(relative(ROOT, path));
      return { contents: ours ? traced(path, text) : text, loader: "ts" };
    });
  },
});

const runners: Bun.Subprocess[] = [];
const spawn = Bun.spawn;

/** As Bun.spawn; a runner is traced as well. */
function tracedSpawn(command: string[], options: { env?: Record<string, string> }): Bun.Subprocess {
  if (!command.includes(RUNNER)) return spawn(command, options);
  const traced = command.map((each) => (each === RUNNER ? import.meta.path : each));
  const env = { ...options.env, TRACED_PROGRAM: RUNNER, TRACED_INTO };
  const runner = spawn(traced, { ...options, env });
  runners.push(runner);
  return runner;
}
Object.assign(Bun, { spawn: tracedSpawn });

process.on("SIGUSR2", () => {
  const files = [...ran];
  ran.clear();
  for (const runner of runners) runner.kill("SIGUSR2");
  void Bun.write(join(TRACED_INTO, `${process.pid}.json`), JSON.stringify(files));
});

await import(TRACED_PROGRAM);
