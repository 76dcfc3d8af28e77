import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../support/failure.ts";

/** `linux-x64`, `linux-aarch64`, `darwin-aarch64`, …: as Bun calls its own zips, and the install script asks for them. */
const PLATFORM = `${process.platform}-${process.arch === "arm64" ? "aarch64" : process.arch}`;

/** Packs the Bun that runs this, in the layout of Bun's own zips: one folder with the program. */
export async function packBun(folder: string): Promise<void> {
  const stage = await mkdtemp(join(tmpdir(), "llamero-bun-"));
  const name = `bun-${PLATFORM}`;
  try {
    await mkdir(join(stage, name));
    await copyFile(process.execPath, join(stage, name, "bun"));
    const zip = ["python3", "-m", "zipfile", "-c", join(folder, `${name}.zip`), name];
    const child = Bun.spawn(zip, { cwd: stage, stdout: "ignore", stderr: "inherit" });
    if ((await child.exited) !== 0) throw new Failure("Bun could not be packed; that needs Python 3");
  } finally {
    await rm(stage, { recursive: true });
  }
}
