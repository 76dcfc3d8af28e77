#!/usr/bin/env node
/**
 * `llamero` as npm and npx start it: with Node.js alone. It finds the Bun that llamero is made for, or fetches it; installs the
 * program's own dependencies, this machine's engine and no other, when a version runs for the first time; and runs the program.
 *
 * Everything is kept in `~/.llamero/runtime`. Web standards and Node's own modules only: nothing is installed yet.
 */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { constants, homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = dirname(dirname(fileURLToPath(import.meta.url)));
/** A checkout is the program itself; the published package carries it in a folder. */
const APP = existsSync(join(PACKAGE, "app")) ? join(PACKAGE, "app") : PACKAGE;
const { version, engines } = JSON.parse(readFileSync(join(APP, "package.json"), "utf8"));
const RUNTIME = join(homedir(), ".llamero", "runtime");

/** A reason not to run, in words for the user. */
class Failure extends Error {}

function say(text) {
  process.stderr.write(`llamero: ${text}\n`);
}

/** Runs a command to its end, its output on stderr: stdout is the program's. @returns whether it succeeded. */
function run(command, args, cwd) {
  return spawnSync(command, args, { cwd, stdio: ["ignore", 2, 2] }).status === 0;
}

/** Is this a Bun of the version that llamero is tested with? */
function isOurBun(path) {
  const { status, stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
  return status === 0 && stdout.trim() === engines.bun;
}

function findBun() {
  if (process.versions.bun === engines.bun) return process.execPath;
  if (isOurBun("bun")) return "bun";
  const folder = join(RUNTIME, `bun-${engines.bun}`);
  const own = join(folder, "node_modules", "bun", "bin", "bun.exe");
  if (!existsSync(own)) fetchBun(folder);
  if (isOurBun(own)) return own;
  throw new Failure(
    `the Bun in ${folder} does not run on this machine; remove that folder to fetch it again`,
  );
}

function fetchBun(folder) {
  say(`fetching Bun ${engines.bun}, which it runs on`);
  making(folder, (target) => {
    const flags = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
    if (!run("npm", ["install", ...flags, "--prefix", target, `bun@${engines.bun}`], target))
      throw new Failure(`Bun ${engines.bun} is needed, and npm could not fetch it; is there a network?`);
    // npm may have been told to run no install scripts; this one puts the program for this machine in its place.
    const script = join(target, "node_modules", "bun", "install.js");
    if (!isOurBun(join(target, "node_modules", "bun", "bin", "bun.exe")))
      run(process.execPath, [script], target);
  });
}

/** The program with its dependencies; installed when this version runs for the first time. */
function prepareApp(bun) {
  if (APP === PACKAGE) return APP;
  const folder = join(RUNTIME, version);
  if (existsSync(folder)) return folder;
  say(`preparing version ${version}: its dependencies and the engine for this machine`);
  making(folder, (target) => {
    cpSync(APP, target, { recursive: true });
    const install = ["install", "--production", "--frozen-lockfile", "--no-progress", "--ignore-scripts"];
    const cache = join(target, ".cache");
    process.env.BUN_INSTALL_CACHE_DIR = cache;
    if (!run(bun, install, target) || !run(bun, ["scripts/engine-binaries.ts"], target))
      throw new Failure("the dependencies could not be installed; the lines above say why");
    rmSync(cache, { recursive: true, force: true });
  });
  return folder;
}

/** Makes a folder that is there complete or not at all, whoever else makes it at the same time. */
function making(folder, fill) {
  mkdirSync(dirname(folder), { recursive: true });
  const target = mkdtempSync(`${folder}.`);
  try {
    fill(target);
    renameSync(target, folder);
  } catch (error) {
    rmSync(target, { recursive: true, force: true });
    // Somebody else was faster.
    if (!existsSync(folder)) throw error;
  }
}

function start(bun, app) {
  const env = { ...process.env, LLAMERO_COMMAND: "llamero" };
  const child = spawn(bun, [join(app, "src", "main.ts"), ...process.argv.slice(2)], {
    stdio: "inherit",
    env,
  });
  // Ctrl-C reaches the whole group by itself; what a service manager sends reaches this process alone.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(new Failure(`${bun} could not be started: ${error.message}`)));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

function fail(error) {
  if (!(error instanceof Failure)) throw error;
  say(error.message);
  process.exit(1);
}

/** Every model's answers come over a socket that its process inherits, which Bun has on Unix only. */
function refuseWindows() {
  if (process.platform !== "win32") return;
  throw new Failure(
    "on Windows it runs in WSL2: install that with `wsl --install`, and llamero in it, e.g. with install.ps1 of a release",
  );
}

try {
  refuseWindows();
  const bun = findBun();
  start(bun, prepareApp(bun));
} catch (error) {
  fail(error);
}
