import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { NODE_MODULES, ROOT } from "../support/paths.ts";

interface Licensed {
  name: string;
  version: string;
  licence: string;
  /** The text that the package carries; "" where it has none. */
  text: string;
}

/**
 * Writes which licence every package has that llamero installs, with the texts. llama.cpp comes inside node-llama-cpp, under MIT.
 */
export async function writeLicences(folder: string): Promise<void> {
  const packages = await Promise.all((await installedInProduction()).map(licensed));
  const all = packages.flatMap((each) => each ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
  const list = all.map(({ name, version, licence }) => `${name} ${version}: ${licence}`).join("\n");
  const texts = all
    .filter(({ text }) => text !== "")
    .map(({ name, text }) => `── ${name}\n\n${text.trim()}\n`);
  const own = await Bun.file(join(ROOT, "LICENSE")).text();
  await Bun.write(
    join(folder, "LICENCES.txt"),
    `llamero\n\n${own}\nIt installs:\n\n${list}\n\n${texts.join("\n")}`,
  );
}

/** Names of the packages that `bun install --production` brings: those that dependencies lead to. */
async function installedInProduction(): Promise<string[]> {
  const found = new Set<string>();
  const waiting = Object.keys((await manifestOf(ROOT))?.dependencies ?? {});
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    const manifest = await manifestOf(join(NODE_MODULES, name));
    // An engine for another machine, or an optional package that is not for this one.
    if (manifest === undefined) continue;
    found.add(name);
    waiting.push(...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }));
  }
  return [...found];
}

interface Manifest {
  version?: string;
  license?: string | { type?: string };
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

async function manifestOf(folder: string): Promise<Manifest | undefined> {
  const file = join(folder, "package.json");
  return existsSync(file) ? await Bun.file(file).json() : undefined;
}

async function licensed(name: string): Promise<Licensed | undefined> {
  const folder = join(NODE_MODULES, name);
  const manifest = await manifestOf(folder);
  if (manifest === undefined) return undefined;
  const { license = "see its text", version = "" } = manifest;
  const file = (await readdir(folder)).find((each) => /^(licen[cs]e|copying)(\.|$)/i.test(each));
  return {
    name,
    version,
    licence: typeof license === "string" ? license : (license.type ?? "see its text"),
    text: file === undefined ? "" : await Bun.file(join(folder, file)).text(),
  };
}
