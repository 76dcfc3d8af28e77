import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { Digest } from "../../lib/digest.ts";
import { notFound } from "../../lib/errors.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { explained } from "../wire/body.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { STORE_FAILURES, WRITE_FAILURES } from "../wire/documented-failures.ts";
import { refusing } from "../wire/refusal.ts";
import type { OllamaDeps } from "./deps.ts";

const BlobPath = Type.Object({
  digest: refusing(
    Type.Unsafe<Digest>(
      Type.String({
        pattern: "^sha256:[0-9a-f]{64}$",
        description: "SHA-256 of the content: `sha256:` and 64 lower-case hex digits.",
        example: "sha256:29fdb92e57cf0827ded04ae6461b5931d01fa595843f55d36f5b275a52087dd2",
      }),
    ),
    () => "invalid digest format",
  ),
});

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

const findBlobDocs = describeNativeRoute({
  operationId: "findBlob",
  summary: "Is a blob there?",
  description: "Whether the server has this content, so that it need not be uploaded.",
  tag: "blobs",
  replies: { 200: { description: "It is there." } },
  failures: { 400: "invalid digest format", 404: "not found", ...STORE_FAILURES },
});

const uploadBlobDocs = {
  ...describeNativeRoute({
    operationId: "uploadBlob",
    summary: "Upload a blob",
    description:
      "Stores a file that a model is to be created from. Its content is checked against the digest; content with another one is not kept. There is no limit on its size. A blob that no model has come to use within an hour may be removed.",
    tag: "blobs",
    replies: {
      200: { description: "It was there already; the body was not read. The reply is empty." },
      201: { description: "It is stored. The reply is empty." },
    },
    failures: {
      400: "invalid digest format",
      499: "request canceled",
      ...WRITE_FAILURES,
    },
  }),
  requestBody: {
    required: true,
    description: "The content, byte for byte.",
    content: {
      "application/octet-stream": { schema: { type: "string" as const, format: "binary" } },
    },
  },
};

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
