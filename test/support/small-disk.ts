import { closeSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";
import { tempDirectory } from "./store-fixture.ts";

/** Only root may mount a disk of its own; elsewhere the tests that need one are skipped, which they say. */
export const canMount = process.platform === "linux" && process.getuid?.() === 0 && tryMount();

/** A disk in memory, so small that a test can fill it. */
export interface SmallDisk extends Disposable {
  path: string;
  /** Writes a file until not one byte is left. */
  fill(): void;
  /** Removes that file. */
  empty(): void;
  /** Bytes that are left. */
  free(): number;
  setReadOnly(readOnly: boolean): void;
}

function mount(...args: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(["mount", ...args]);
  if (exitCode !== 0) throw new Error(`mount ${args.join(" ")}: ${stderr}`);
}

function unmount(path: string): boolean {
  return Bun.spawnSync(["umount", "-l", path]).exitCode === 0;
}

function tryMount(): boolean {
  using directory = tempDirectory();
  const done =
    Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=1m", "llamero", directory.path]).exitCode === 0;
  return done && unmount(directory.path);
}

/** @param mebibytes its size. */
export function smallDisk(mebibytes: number): SmallDisk {
  const directory = tempDirectory();
  const { path } = directory;
  mount("-t", "tmpfs", "-o", `size=${mebibytes}m,mode=0700`, "llamero-test", path);
  const filler = join(path, "filler");
  return {
    path,
    fill() {
      const fd = openSync(filler, "a");
      const chunk = new Uint8Array(4096);
      try {
        for (;;) writeSync(fd, chunk);
      } catch (error) {
        if (!String(error).includes("ENOSPC")) throw error;
      } finally {
        closeSync(fd);
      }
    },
    empty: () => rmSync(filler, { force: true }),
    free: () => {
      const { bavail, bsize } = statfsSync(path);
      return bavail * bsize;
    },
    setReadOnly: (readOnly) => mount("-o", `remount,${readOnly ? "ro" : "rw"}`, path),
    [Symbol.dispose]() {
      unmount(path);
      directory[Symbol.dispose]();
    },
  };
}
