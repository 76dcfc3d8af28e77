import { Elysia } from "elysia";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { describeNativeRoute, progressLines } from "../wire/describe-native.ts";
import { BODY_FAILURES, STORE_FAILURES } from "../wire/documented-failures.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import type { LlameroDeps } from "./deps.ts";
import { VerifyReply, VerifyRequest } from "./schema/store.ts";

const verifyDocs = describeNativeRoute({
  operationId: "verifyBlobs",
  summary: "Verify all blobs",
  description:
    "Hashes every blob. The file of a bad one is moved to `quarantine` beside `blobs`, and the models that need it are named; they cannot run until they are created, pulled or imported again. With `rebuild` the books are made anew first from the manifests and blobs, as far as that is needed.",
  tag: "blobs",
  replies: { 200: progressLines(VerifyReply) },
  failures: { 400: "missing request body", 499: "request canceled", ...BODY_FAILURES, ...STORE_FAILURES },
});

/** POST /api/verify: hashes every blob and moves bad ones aside. */
export const verifyRoute = (deps: LlameroDeps) =>
  new Elysia({ name: "llamero.verify" }).post(
    "/api/verify",
    ({ body, request, server }) => {
      const call = exchange(request, server, deps);
      call.notices.add(unknownFieldNotices(VerifyRequest, body));
      return call.progress(
        VerifyReply,
        deps.catalog.verify({ rebuild: body.rebuild ?? false }, call.signal),
        body.stream,
      );
    },
    { ...jsonBody(VerifyRequest), response: { 200: VerifyReply }, detail: verifyDocs },
  );
