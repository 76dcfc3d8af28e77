import type { Translated } from "../../inference/request-options.ts";
import { type Digest, parseDigest } from "../../lib/digest.ts";
import { badRequest } from "../../lib/errors.ts";
import type { ModelCreation } from "../../models/catalog.ts";
import { parseModelReference } from "../../models/reference.ts";
import { ignoredField, unknownFieldNotices } from "../wire/notices.ts";
import * as wire from "./schema/create.ts";
import { translateMessage } from "./translate.ts";

type Files = Record<string, Digest>;

/** Could this name leave the folder that the client sends? */
const leaves = (path: string): boolean =>
  /^([/\\]|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).some((part) => part === "." || part === "..");

/** Path → digest. @throws AppError `bad_request`. */
function filesOf(given: Record<string, string>): Files {
  return Object.fromEntries(
    Object.entries(given).map(([path, digest]) => {
      if (leaves(path)) throw badRequest("file path must be relative");
      const parsed = parseDigest(digest);
      if (parsed === undefined) throw badRequest("invalid digest format");
      return [path, parsed];
    }),
  );
}

const hasFiles = (files: Record<string, string> | undefined): files is Record<string, string> =>
  files !== undefined && Object.keys(files).length > 0;

/** A text or a list of texts; empty ones say nothing. */
const licensesOf = (license: string | string[] = []): string[] =>
  (typeof license === "string" ? [license] : license).filter((text) => text !== "");

function checkSources({ draft, draft_files, draft_quantize, from, files }: wire.CreateRequest): void {
  if (draft_quantize && !draft && !hasFiles(draft_files)) {
    throw badRequest("--draft-quantize requires a DRAFT model");
  }
  if (!from && !hasFiles(files)) throw badRequest("neither 'from' or 'files' was specified");
}

/**
 * `/api/create` (docs/behaviour: api-native §11), without what only the store can check.
 *
 * @throws AppError `bad_request`.
 */
export function translateCreate(body: wire.CreateRequest): Translated<ModelCreation> {
  const draftFiles = filesOf(body.draft_files ?? {});
  const files = filesOf(body.files ?? {});
  const adapters = filesOf(body.adapters ?? {});
  const { name, source } = parseModelReference(body.model || body.name || "");
  if (name === undefined || source === "cloud") throw badRequest("invalid model name");
  checkSources(body);
  const quantize = body.quantize || body.quantization;
  const licenses = licensesOf(body.license);
  const intent: ModelCreation = {
    name,
    ...(body.from && { from: body.from }),
    ...(hasFiles(body.files) && { files }),
    ...(hasFiles(body.adapters) && { adapters }),
    ...(body.draft && { draft: body.draft }),
    ...(hasFiles(body.draft_files) && { draftFiles }),
    ...(body.draft_quantize && { draftQuantize: body.draft_quantize }),
    ...(body.template && { template: body.template }),
    ...(body.system && { system: body.system }),
    ...(licenses.length > 0 && { license: licenses }),
    ...(body.parameters && { parameters: body.parameters }),
    ...(body.messages?.length && { messages: body.messages.map(translateMessage) }),
    ...(body.requires && { requires: body.requires }),
    ...(quantize && { quantize }),
    ...(body.renderer && { renderer: body.renderer }),
    ...(body.parser && { parser: body.parser }),
    ...(body.remote_host && { remoteHost: body.remote_host }),
  };
  const notices = unknownFieldNotices(wire.CreateRequest, body);
  if (body.info) notices.push(ignoredField("info", "it describes remote models only"));
  return { intent, notices };
}
