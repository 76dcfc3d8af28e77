import { Elysia } from "elysia";
import { type Digest, parseDigest } from "../../lib/digest.ts";
import { badRequest, notFound } from "../../lib/errors.ts";
import type { Catalog } from "../../models/catalog.ts";
import { type ConnectionTimeouts, holdOpen } from "../wire/hold-open.ts";
import { emptyReply } from "../wire/reply.ts";
import { findBlobDocs, uploadBlobDocs } from "./docs/blobs.ts";

function digestOf(text: string): Digest {
  const digest = parseDigest(text);
  if (digest === undefined) throw badRequest("invalid digest format");
  return digest;
}

async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  if (request.body !== null) yield* request.body;
}

async function upload(
  digest: Digest,
  request: Request,
  server: ConnectionTimeouts | null,
  catalog: Catalog,
): Promise<Response> {
  if (catalog.hasBlob(digest)) return emptyReply(200);
  holdOpen(server, request);
  return emptyReply((await catalog.putBlob(digest, bodyOf(request))) === "created" ? 201 : 200);
}

/** HEAD and POST /api/blobs/:digest (spec: api-native §14). Content with another digest is refused and not kept. */
export const blobsRoute = ({ catalog }: { catalog: Catalog }) =>
  new Elysia({ name: "ollama.blobs" })
    .head(
      "/api/blobs/:digest",
      ({ params }) => {
        if (catalog.hasBlob(digestOf(params.digest))) return emptyReply();
        throw notFound(`blob "${params.digest}" not found`);
      },
      {
        detail: findBlobDocs,
      },
    )
    .post(
      "/api/blobs/:digest",
      ({ params, request, server }) => upload(digestOf(params.digest), request, server, catalog),
      {
        parse: "none",
        detail: uploadBlobDocs,
      },
    );
