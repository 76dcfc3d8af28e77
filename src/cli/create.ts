import { dirname, resolve } from "node:path";
import { type CreateRequest, LlameroError, unwrap } from "../client/index.ts";
import { defined } from "../lib/defined.ts";
import { codeOf } from "../lib/error-code.ts";
import { readBoundedFile } from "../lib/read-bounded-file.ts";
import { decodeModelfile, parseModelfile } from "../modelfile/parse.ts";
import { type ModelfileSummary, summarizeModelfile } from "../modelfile/summary.ts";
import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";
import { gather, namesOf, type Sources } from "./create/gather.ts";
import { uploadFiles } from "./create/upload.ts";
import { withStatusLine } from "./failure.ts";
import { Progress } from "./progress/progress.ts";

const DEFAULT_FILE = "Modelfile";
/** Longest Modelfile: the server takes no longer request. */
const MAX_MODELFILE_BYTES = 64 * 1024 * 1024;
/** The Modelfile of a directory that has none: the model in it. */
const NO_MODELFILE = "FROM .\n";

/** Creates a model from a Modelfile: uploads the files that it names, then has the server put it together. */
export async function create(cli: Cli, argv: ParsedArgv): Promise<void> {
  const [model = ""] = argv.args;
  const file = argv.text("file");
  const modelfile = parseModelfile(readModelfile(file));
  const summary = summarizeModelfile(modelfile, (line) => cli.stdout.write(`${line}\n`));
  await checkName(cli, model);
  using progress = new Progress(cli.stderr, cli.now);
  progress.status("gathering model components");
  const sources = await gather(summary, dirname(resolve(file ?? DEFAULT_FILE)));
  const request: CreateRequest = {
    model,
    ...(await uploadSources(cli, sources, progress)),
    ...fieldsOf(summary),
    ...quantization(argv),
  };
  for await (const line of withStatusLine(cli.client.create(request))) {
    if (line.total) progress.bar(line.status, line.completed ?? 0, line.total);
    else progress.status(line.status);
  }
}

function readModelfile(file: string | undefined): string {
  try {
    return decodeModelfile(readBoundedFile(file ?? DEFAULT_FILE, MAX_MODELFILE_BYTES));
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    if (file === undefined) return NO_MODELFILE;
    throw new Error("specified Modelfile wasn't found");
  }
}

/** Has the server refuse a bad name before gigabytes are sent to it. */
async function checkName(cli: Cli, model: string): Promise<void> {
  try {
    unwrap(await cli.client.api.show.post({ model }));
  } catch (error) {
    if (!(error instanceof LlameroError)) throw error;
    if (error.status === 400) throw new Error(`invalid model name: ${model}`);
    if (error.status !== 404) throw error;
  }
}

type SourceFields = Pick<CreateRequest, "from" | "files" | "adapters" | "draft" | "draft_files">;

async function uploadSources(cli: Cli, sources: Sources, progress: Progress): Promise<SourceFields> {
  const upload = (paths: string[]) => uploadFiles(cli.client, namesOf(paths), progress);
  return {
    ...defined({ from: sources.from }),
    ...(sources.files.length > 0 ? { files: await upload(sources.files) } : {}),
    ...(sources.adapters.length > 0 ? { adapters: await upload(sources.adapters) } : {}),
    ...defined({ draft: sources.draft }),
    ...(sources.drafts.length > 0 ? { draft_files: await upload(sources.drafts) } : {}),
  };
}

/** Fields of the request that are copied from the Modelfile (docs/behaviour: modelfile §1.4). */
function fieldsOf(summary: ModelfileSummary): Partial<CreateRequest> {
  const { template, system, renderer, parser, requires, licenses, parameters, messages } = summary;
  return {
    ...defined({ template, system, renderer, parser, requires }),
    ...(licenses.length > 0 ? { license: licenses } : {}),
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...(messages.length > 0 ? { messages } : {}),
  };
}

function quantization(argv: ParsedArgv): Partial<CreateRequest> {
  const quantize = argv.text("quantize");
  const draft = argv.text("draft-quantize");
  return defined({ quantize: quantize || undefined, draft_quantize: draft || undefined });
}
