import type { Translated } from "../../inference/request-options.ts";
import { defined } from "../../lib/defined.ts";
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

/** A list or a table with something in it. */
const filled = <T extends object>(value: T): T | undefined =>
  Object.keys(value).length > 0 ? value : undefined;

/** A text or a list of texts; empty ones say nothing. */
const licensesOf = (license: string | string[] = []): string[] =>
  (typeof license === "string" ? [license] : license).filter((text) => text !== "");

/** Former names of `from` and `files`; Ollama does not read them any more either. */
const FORMER_SOURCES = ["modelfile", "path"];

function checkSources(body: wire.CreateRequest): void {
  const { draft, draft_files, draft_quantize, from, files } = body;
  if (draft_quantize && !draft && !hasFiles(draft_files)) {
    throw badRequest("--draft-quantize requires a DRAFT model");
  }
  if (from || hasFiles(files)) return;
  const former = FORMER_SOURCES.find((field) => field in body);
  const why = former === undefined ? "" : `: '${former}' is no longer read`;
  throw badRequest(`neither 'from' or 'files' was specified${why}`);
}

/**
 * `/api/create` (docs/behaviour: api-native §11), without the checks that need the store.
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
  const intent: ModelCreation = {
    name,
    ...defined({
      from: body.from || undefined,
      files: filled(files),
      adapters: filled(adapters),
      draft: body.draft || undefined,
      draftFiles: filled(draftFiles),
      draftQuantize: body.draft_quantize || undefined,
      template: body.template || undefined,
      system: body.system || undefined,
      license: filled(licensesOf(body.license)),
      parameters: body.parameters,
      messages: filled((body.messages ?? []).map(translateMessage)),
      requires: body.requires || undefined,
      quantize: body.quantize || body.quantization || undefined,
      renderer: body.renderer || undefined,
      parser: body.parser || undefined,
      remoteHost: body.remote_host || undefined,
    }),
  };
  const notices = unknownFieldNotices(wire.CreateRequest, body);
  if (body.info) notices.push(ignoredField("info", "it describes remote models only"));
  return { intent, notices };
}
