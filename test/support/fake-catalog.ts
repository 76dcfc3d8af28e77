import { type Digest, digestOfHex } from "../../src/lib/digest.ts";
import { badRequest } from "../../src/lib/errors.ts";
import type {
  Catalog,
  CreateStatus,
  ImportStatus,
  ModelCreation,
  ModelReport,
  ModelSummary,
  ResolvedModel,
  ShowOverrides,
  StoreImport,
  VerifyOptions,
  VerifyStatus,
} from "../../src/models/catalog.ts";
import { fullName, type ModelName, parseModelName, sameName, shortName } from "../../src/models/name.ts";
import { changedSettings, type ModelSettings } from "../../src/models/settings.ts";

const hexOfText = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("hex");

function nameOf(text: string): ModelName {
  const name = parseModelName(text);
  if (name === undefined) throw new Error(`not a model name: ${text}`);
  return name;
}

/** A model that completes text with the ChatML template, unless `facts` say otherwise. */
export function fakeModel(text: string, facts: Partial<ResolvedModel> = {}): ResolvedModel {
  const name = nameOf(text);
  return {
    name,
    fullName: fullName(name),
    shortName: shortName(name),
    manifestDigest: hexOfText(`manifest ${text}`),
    weights: { digest: digestOfHex(hexOfText(`weights ${text}`)), path: `/blobs/${text}`, bytes: 1000 },
    adapters: [],
    missingSenses: [],
    details: {
      parentModel: "",
      format: "gguf",
      family: "llama",
      families: ["llama"],
      parameterSize: "1M",
      quantizationLevel: "Q8_0",
      contextLength: 4096,
      embeddingLength: 2,
    },
    architecture: "llama",
    trainedContext: 4096,
    settings: {},
    embeddingOnly: false,
    ranks: false,
    capabilities: ["completion"],
    template: "{{ if .System }}[{{ .System }}] {{ end }}{{ .Prompt }}",
    parameters: {},
    messages: [],
    ...facts,
  };
}

/** A catalog in memory. What is created, uploaded and shown is recorded. */
export class FakeCatalog implements Catalog {
  readonly models: ResolvedModel[];
  readonly created: ModelCreation[] = [];
  readonly shown: ShowOverrides[] = [];
  readonly blobs = new Map<Digest, Uint8Array>();
  /** What `create` reports before it ends with `success`. */
  progress: CreateStatus[] = [{ status: "writing manifest" }];
  readonly imports: StoreImport[] = [];
  /** What `importStore` and `verify` report. */
  importLines: ImportStatus[] = [{ status: "done", imported: 0, already_there: 0, skipped: 0 }];
  readonly verified: VerifyOptions[] = [];
  verifyLines: VerifyStatus[] = [{ status: "done", verified: 0, bad: 0 }];
  /** Thrown by `create` after its progress. */
  createError: Error | undefined;

  constructor(...models: ResolvedModel[]) {
    this.models = models;
  }

  resolve(name: ModelName): ResolvedModel | undefined {
    return this.models.find((model) => sameName(model.name, name));
  }

  list(): ModelSummary[] {
    return this.models.map(({ shortName, manifestDigest, details, capabilities }) => ({
      shortName,
      manifestDigest,
      size: 1234,
      modifiedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
      details,
      capabilities,
    }));
  }

  async show(name: ModelName, overrides: ShowOverrides): Promise<ModelReport | undefined> {
    const model = this.resolve(name);
    if (model === undefined) return undefined;
    this.shown.push(overrides);
    return {
      license: "",
      modelfile: "FROM x",
      parameters: "",
      template: model.template ?? "",
      system: overrides.system ?? model.system ?? "",
      details: model.details,
      messages: model.messages,
      modelInfo: { "general.architecture": model.architecture },
      tensors: [],
      capabilities: model.capabilities,
      modifiedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    };
  }

  copy(source: ModelName, destination: ModelName): boolean {
    const model = this.resolve(source);
    if (model === undefined) return false;
    this.models.push({ ...model, name: destination, shortName: shortName(destination) });
    return true;
  }

  configure(name: ModelName, change: ModelSettings): ModelSettings | undefined {
    const model = this.resolve(name);
    if (model === undefined) return undefined;
    model.settings = changedSettings(model.settings, change);
    return model.settings;
  }

  async remove(name: ModelName): Promise<boolean> {
    const at = this.models.findIndex((model) => sameName(model.name, name));
    if (at >= 0) this.models.splice(at, 1);
    return at >= 0;
  }

  async *create(request: ModelCreation, signal: AbortSignal): AsyncGenerator<CreateStatus> {
    this.created.push(request);
    for (const status of this.progress) {
      signal.throwIfAborted();
      yield status;
    }
    if (this.createError) throw this.createError;
    yield { status: "success" };
  }

  async *importStore(request: StoreImport): AsyncGenerator<ImportStatus> {
    this.imports.push(request);
    yield* this.importLines;
  }

  async *verify(options: VerifyOptions): AsyncGenerator<VerifyStatus> {
    this.verified.push(options);
    yield* this.verifyLines;
  }

  hasBlob(digest: Digest): boolean {
    return this.blobs.has(digest);
  }

  async putBlob(digest: Digest, body: AsyncIterable<Uint8Array>): Promise<"created" | "exists"> {
    const content = Buffer.concat(await Array.fromAsync(body));
    const got = digestOfHex(new Bun.CryptoHasher("sha256").update(content).digest("hex"));
    if (got !== digest) throw badRequest(`digest mismatch, expected "${digest}", got "${got}"`);
    this.blobs.set(digest, content);
    return "created";
  }
}
