import { Elysia } from "elysia";
import type { Digest } from "../../lib/digest.ts";
import { notFound } from "../../lib/errors.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { explained } from "../wire/body.ts";
import type { OllamaDeps } from "./deps.ts";
import { findBlobDocs, uploadBlobDocs } from "./docs/blobs.ts";
import { BlobPath } from "./model/blobs.ts";

async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  if (request.body !== null) yield* request.body;
}

async function upload(
  digest: Digest,
  request: Request,
  call: Exchange,
  { catalog }: OllamaDeps,
): Promise<Response> {
  if (catalog.hasBlob(digest)) return call.empty();
  const outcome = await catalog.putBlob(digest, bodyOf(request));
  return call.empty(outcome === "created" ? 201 : 200);
}

/** HEAD and POST /api/blobs/:digest (docs/behaviour: api-native §14). Content with another digest is refused and not kept. */
export const blobsRoute = (deps: OllamaDeps) =>
  new Elysia({ name: "ollama.blobs" })
    .head(
      "/api/blobs/:digest",
      ({ params, request, server }) => {
        const call = exchange(request, server, deps);
        if (deps.catalog.hasBlob(params.digest)) return call.empty();
        throw notFound(`blob "${params.digest}" not found`);
      },
      { params: explained(BlobPath), detail: findBlobDocs },
    )
    .post(
      "/api/blobs/:digest",
      ({ params, request, server }) => upload(params.digest, request, exchange(request, server, deps), deps),
      { parse: "none", params: explained(BlobPath), detail: uploadBlobDocs },
    );
