import { Elysia } from "elysia";
import { exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import type { LlameroDeps } from "./deps.ts";
import { verifyDocs } from "./docs.ts";
import { VerifyReply, VerifyRequest } from "./model.ts";

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
