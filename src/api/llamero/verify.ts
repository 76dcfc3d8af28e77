import { Elysia } from "elysia";
import { jsonBody } from "../wire/body.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import { progressReply } from "../wire/progress-reply.ts";
import type { LlameroDeps } from "./deps.ts";
import { verifyDocs } from "./docs.ts";
import { VerifyReply, VerifyRequest } from "./model.ts";

/** POST /api/verify: hashes every blob and moves bad ones aside. */
export const verifyRoute = ({ catalog, logger }: LlameroDeps) =>
  new Elysia({ name: "llamero.verify" }).post(
    "/api/verify",
    ({ body, request, server }) =>
      progressReply(
        { request, server, stream: body.stream, notices: unknownFieldNotices(VerifyRequest, body), logger },
        (signal) => catalog.verify(signal),
      ),
    { ...jsonBody(VerifyRequest), response: { 200: VerifyReply }, detail: verifyDocs },
  );
