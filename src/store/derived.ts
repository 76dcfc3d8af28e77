import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Digest } from "../lib/digest.ts";
import { digestOfFileName } from "./blob-files.ts";
import type { StoreContext } from "./store-context.ts";

/** Files made of blobs, which can be made again: the encoder of pictures out of a model's file, as a projector of its own. */
export interface Derived {
  /** The path of the file that is made of a blob, whether it exists or not. */
  path(digest: Digest): string;
}

export interface DerivedFile {
  digest: Digest;
  /** Bytes. */
  size: number;
}

const directoryOf = ({ directory }: Pick<StoreContext, "directory">): string => join(directory, "../derived");

const SUFFIX = ".clip.gguf";

const fileName = (digest: Digest): string => `${digest.replace(":", "-")}${SUFFIX}`;

export function createDerived(context: StoreContext): Derived {
  return {
    path: (digest) => join(directoryOf(context), fileName(digest)),
  };
}

/** Every file that was made of a blob. */
export function listDerived(context: StoreContext): DerivedFile[] {
  const directory = directoryOf(context);
  return namesIn(directory).flatMap((name) => {
    const digest = name.endsWith(SUFFIX) ? digestOfFileName(name.slice(0, -SUFFIX.length)) : undefined;
    const stat = statSync(join(directory, name), { throwIfNoEntry: false });
    return digest === undefined || stat === undefined ? [] : [{ digest, size: stat.size }];
  });
}

export function removeDerived(context: StoreContext, digest: Digest): void {
  rmSync(join(directoryOf(context), fileName(digest)), { force: true });
}

function namesIn(directory: string): string[] {
  return statSync(directory, { throwIfNoEntry: false }) === undefined ? [] : readdirSync(directory);
}
