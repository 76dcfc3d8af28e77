/** Serves the files of a directory as a registry does, ranges included. See file-registry.ts. */
import { join } from "node:path";

const [directory = ""] = process.argv.slice(2);

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request) {
    // The last word of /v2/<name>/manifests/<tag> and of /v2/<name>/blobs/<digest> is the file's name.
    const file = Bun.file(join(directory, new URL(request.url).pathname.split("/").at(-1) ?? ""));
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get("range") ?? "") ?? [];
    if (first === undefined || last === undefined) return new Response(file);
    return new Response(file.slice(Number(first), Number(last) + 1), {
      status: 206,
      headers: { "content-range": `bytes ${first}-${last}/${file.size}` },
    });
  },
});
process.send?.(`127.0.0.1:${server.port}`);
