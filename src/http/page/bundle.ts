import { basename, join } from "node:path";
import { AppError } from "../../lib/errors.ts";

const WEB = join(import.meta.dir, "../../web");

/** A file of a page, as it is sent. */
export interface PageFile {
  type: string;
  gzipped: Uint8Array<ArrayBuffer>;
}

/** A page's files by their names, each with a digest of its content in its name but for the page itself. */
export interface Bundle {
  /** Name of the script that starts it, and of its styles. */
  script: string;
  styles: string;
  files: ReadonlyMap<string, PageFile>;
}

/**
 * Bundles a page of `src/web` with Bun. Code that is not needed at first (mathematics, plots) is in files of its own.
 *
 * @param entry its program, a file of `src/web`.
 * @param base path below which the files are served, with a slash at its end.
 * @throws AppError `internal` when it does not build.
 */
export async function bundlePage(entry: string, base: string): Promise<Bundle> {
  const { success, outputs, logs } = await Bun.build({
    entrypoints: [join(WEB, entry)],
    target: "browser",
    minify: true,
    splitting: true,
    publicPath: base,
    naming: { entry: "[name]-[hash].[ext]", chunk: "[name]-[hash].[ext]", asset: "[name]-[hash].[ext]" },
    throw: false,
  });
  if (!success) throw new AppError("internal", `the page does not build: ${logs.join("; ")}`);
  const files = await Promise.all(
    outputs.map(async (output): Promise<[string, PageFile]> => {
      const gzipped = Bun.gzipSync(await output.arrayBuffer());
      return [basename(output.path), { type: output.type, gzipped }];
    }),
  );
  const named = (ending: string): string =>
    basename(outputs.find(({ path, kind }) => path.endsWith(ending) && kind !== "chunk")?.path ?? "");
  return { script: named(".js"), styles: named(".css"), files: new Map(files) };
}
