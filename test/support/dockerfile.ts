import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type DebianRoot, debianRoot, type Ran } from "./debian-root.ts";

interface Instruction {
  name: string;
  rest: string;
}

interface Stage {
  root: DebianRoot;
  env: Record<string, string>;
  cwd: string;
  user: string;
  entrypoint: string[];
  command: string[];
  healthcheck: string[];
}

/** A Dockerfile's last stage, built: its root and what its image would run. */
export interface Built extends AsyncDisposable {
  readonly root: DebianRoot;
  readonly env: Record<string, string>;
  readonly user: string;
  readonly argv: string[];
  readonly healthcheck: string[];
}

/** Instructions with their continuation lines joined, comments left out. */
function instructionsOf(text: string): Instruction[] {
  return text
    .replace(/^#.*\n/gm, "")
    .replace(/\\\n\s*/g, " ")
    .split("\n")
    .flatMap((line) => {
      const [, name, rest = ""] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
      return name === undefined ? [] : [{ name, rest }];
    });
}

/**
 * Does what `docker build` would, in Debian roots in place of images: no container engine is needed. Base images are Debian's, and
 * one with Node.js, which is taken from this machine.
 *
 * @param context the folder that COPY copies from.
 */
export async function buildDockerfile(text: string, context: string): Promise<Built> {
  const stages = new Map<string, Stage>();
  await using roots = new AsyncDisposableStack();
  let stage: Stage | undefined;
  for (const instruction of instructionsOf(text)) {
    if (instruction.name === "FROM") {
      stage = await from(instruction.rest, stages);
      roots.use(stage.root);
    } else await perform(instruction, stage!, stages, context);
  }
  const last = stage!;
  const kept = roots.move();
  return {
    root: last.root,
    env: last.env,
    user: last.user,
    argv: [...last.entrypoint, ...last.command],
    healthcheck: last.healthcheck,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function from(rest: string, stages: Map<string, Stage>): Promise<Stage> {
  const [, image = "", name = `${stages.size}`] = /^(\S+)(?:\s+AS\s+(\S+))?/i.exec(rest) ?? [];
  const root = await debianRoot();
  if (image.startsWith("node:")) await addNode(root);
  else if (!image.startsWith("debian:")) throw new Error(`no root stands for the image ${image}`);
  const stage = { root, env: {}, cwd: "/", user: "0:0", entrypoint: [], command: [], healthcheck: [] };
  stages.set(name, stage);
  return stage;
}

/** This machine's Node.js and npm, where the official image has them. */
export async function addNode(root: DebianRoot): Promise<void> {
  await root.copy(await real("node"), "usr/local/bin/node");
  const npm = await real("npm");
  await root.copy(join(npm, "../.."), "usr/local/lib/node_modules/npm");
  await root.run(
    "cd /usr/local/bin && for name in npm npx; do ln -s ../lib/node_modules/npm/bin/$name-cli.js $name; done && chmod 755 node",
  );
}

async function real(program: string): Promise<string> {
  const child = Bun.spawn(["readlink", "-f", Bun.which(program) ?? program], { stdout: "pipe" });
  return (await new Response(child.stdout).text()).trim();
}

async function perform(
  { name, rest }: Instruction,
  stage: Stage,
  stages: Map<string, Stage>,
  context: string,
): Promise<void> {
  switch (name) {
    case "RUN":
      return succeed(await stage.root.run(rest, { env: stage.env, cwd: stage.cwd }), rest);
    case "COPY":
      return copy(rest, stage, stages, context);
    case "WORKDIR":
      stage.cwd = rest;
      await mkdir(join(stage.root.folder, rest), { recursive: true });
      return;
    case "ARG":
    case "ENV":
      for (const [, key = "", value = ""] of rest.matchAll(/(\w+)=(\S+)/g)) stage.env[key] = value;
      return;
    case "USER":
      stage.user = rest;
      return;
    case "ENTRYPOINT":
      stage.entrypoint = JSON.parse(rest);
      return;
    case "CMD":
      stage.command = JSON.parse(rest);
      return;
    case "HEALTHCHECK":
      stage.healthcheck = JSON.parse(rest.slice(rest.indexOf("CMD") + 3));
      return;
    case "VOLUME":
    case "EXPOSE":
      return;
    default:
      throw new Error(`${name} is not understood`);
  }
}

async function copy(rest: string, stage: Stage, stages: Map<string, Stage>, context: string): Promise<void> {
  const [, source, paths = ""] = /^(?:--from=(\S+)\s+)?(.*)$/.exec(rest) ?? [];
  const words = paths.split(/\s+/);
  const target = words.pop() ?? "";
  const base = source === undefined ? context : stages.get(source)!.root.folder;
  for (const word of words) {
    const into = target.endsWith("/") ? join(target, word.split("/").at(-1) ?? "") : target;
    const to = join(stage.root.folder, into.startsWith("/") ? into : join(stage.cwd, into));
    await mkdir(join(to, ".."), { recursive: true });
    await cp(join(base, word), to, { recursive: true, verbatimSymlinks: true });
  }
}

function succeed({ code, output }: Ran, script: string): void {
  if (code !== 0) throw new Error(`RUN ${script}\nended with ${code}:\n${output}`);
}
