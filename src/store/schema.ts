import { sql } from "drizzle-orm";
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { Digest } from "../lib/digest.ts";
import { MEDIA } from "./media-type.ts";

export * from "./access-schema.ts";

/** A manifest's bytes exactly as they were written or pulled; its digest is their SHA-256 in hex, without a prefix. */
export const manifests = sqliteTable("manifests", {
  digest: text("digest").primaryKey(),
  json: blob("json", { mode: "buffer" }).notNull(),
  /** Bytes of the config and all layers, as the manifest says. */
  totalSize: integer("total_size").notNull(),
});

/** The tags. Case is kept as typed, and no two names differ in case only. */
export const models = sqliteTable(
  "models",
  {
    id: integer("id").primaryKey(),
    host: text("host").notNull(),
    namespace: text("namespace").notNull(),
    model: text("model").notNull(),
    tag: text("tag").notNull(),
    manifestDigest: text("manifest_digest")
      .notNull()
      .references(() => manifests.digest),
    /** Milliseconds since the epoch. */
    modifiedAt: integer("modified_at").notNull(),
    /** JSON of the settings that a user has made for the model on this machine; null for none. */
    settings: text("settings"),
  },
  (table) => [
    uniqueIndex("models_name").on(
      sql`lower(${table.model})`,
      sql`lower(${table.tag})`,
      sql`lower(${table.namespace})`,
      sql`lower(${table.host})`,
    ),
    index("models_manifest").on(table.manifestDigest),
  ],
);

/** A file in `blobs/`, complete and of the right content when its row was written. */
export const blobs = sqliteTable(
  "blobs",
  {
    digest: text("digest").$type<Digest>().primaryKey(),
    size: integer("size").notNull(),
    /** When the content was last hashed, in milliseconds; null: never, or others have touched the file since. */
    verifiedAt: integer("verified_at"),
    /** The file's modification time as we left it, in milliseconds. */
    mtime: integer("mtime").notNull(),
    /** The file has been found gone, or of another size. */
    missing: integer("missing", { mode: "boolean" }).notNull().default(false),
    /** Found when the books were lost. Its model is unknown, so it is removed with a model or by `prune`, and not by itself. */
    salvaged: integer("salvaged", { mode: "boolean" }).notNull().default(false),
  },
  (table) => [index("blobs_missing").on(table.digest).where(sql`${table.missing} = 1`)],
);

/** Written out, because SQLite uses the partial index only for a condition without a parameter. */
export const isMissing = sql`${blobs.missing} = 1`;

/** The blobs that a manifest refers to: its config at position 0, its layers from 1 in the manifest's order. */
export const layers = sqliteTable(
  "layers",
  {
    manifestDigest: text("manifest_digest")
      .notNull()
      .references(() => manifests.digest, { onDelete: "cascade" }),
    position: integer("position").notNull(),
    mediaType: text("media_type").notNull(),
    digest: text("digest")
      .$type<Digest>()
      .notNull()
      .references(() => blobs.digest),
    size: integer("size").notNull(),
    /** The model or file that the layer was taken from. */
    from: text("from"),
  },
  (table) => [
    primaryKey({ columns: [table.manifestDigest, table.position] }),
    index("layers_digest").on(table.digest),
  ],
);

/** SQL on a layer and its blob: the blob is missing, and the model does not run without it, as it would without a draft model. */
export const isLacking = sql`${isMissing} and ${layers.mediaType} <> ${sql.raw(`'${MEDIA.draft}'`)}`;

/** Content of the small layers (config, template, system, …), so that answering about a model opens no file. */
export const texts = sqliteTable("texts", {
  digest: text("digest")
    .$type<Digest>()
    .primaryKey()
    .references(() => blobs.digest, { onDelete: "cascade" }),
  content: text("content").notNull(),
});

/** Facts of a GGUF's header. The wide columns come last: SQLite does not read them unless a query selects them. */
export const gguf = sqliteTable("gguf", {
  digest: text("digest")
    .$type<Digest>()
    .primaryKey()
    .references(() => blobs.digest, { onDelete: "cascade" }),
  architecture: text("architecture").notNull(),
  /** Elements of all tensors. */
  parameterCount: integer("parameter_count").notNull(),
  /** `general.file_type`; null when the header does not have it. */
  fileType: integer("file_type"),
  contextLength: integer("context_length"),
  embeddingLength: integer("embedding_length"),
  poolingType: integer("pooling_type"),
  hasVision: integer("has_vision", { mode: "boolean" }).notNull(),
  hasAudio: integer("has_audio", { mode: "boolean" }).notNull(),
  /** Jinja. */
  chatTemplate: text("chat_template"),
  /** JSON object of the header's keys; arrays are null, because a vocabulary is megabytes. */
  metadata: text("metadata").notNull(),
  /** JSON array of `[name, type, shape]`. */
  tensors: text("tensors").notNull(),
});

/** Pulls, those that have ended too. One that was interrupted is found by its name and goes on under the same id. */
export const pulls = sqliteTable(
  "pulls",
  {
    id: integer("id").primaryKey(),
    host: text("host").notNull(),
    namespace: text("namespace").notNull(),
    model: text("model").notNull(),
    tag: text("tag").notNull(),
    /** `running` holds only while its writer lives. */
    state: text("state").$type<PullState>().notNull(),
    /** The process that works on it; see `temp-name.ts`. */
    writer: text("writer").notNull(),
    /** The manifest's bytes, once they are there. */
    manifest: blob("manifest", { mode: "buffer" }),
    /** Why it failed or paused. */
    error: text("error"),
    /** Milliseconds since the epoch. */
    startedAt: integer("started_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [index("pulls_state").on(table.state)],
);

/** Blobs that pulls have fetched, whole or in part, and no model uses yet. Garbage collection leaves them alone. */
export const pullBlobs = sqliteTable("pull_blobs", {
  digest: text("digest").$type<Digest>().primaryKey(),
  size: integer("size").notNull(),
  /** The process that writes the partial file; null when nobody does. */
  writer: text("writer"),
  /** Milliseconds since the epoch. */
  updatedAt: integer("updated_at").notNull(),
});

/** The parts of a partial file; none once it has become a blob. */
export const pullParts = sqliteTable(
  "pull_parts",
  {
    digest: text("digest")
      .$type<Digest>()
      .notNull()
      .references(() => pullBlobs.digest, { onDelete: "cascade" }),
    position: integer("position").notNull(),
    offset: integer("offset").notNull(),
    length: integer("length").notNull(),
    /** Bytes from the part's start that are in the file and on the disk. */
    done: integer("done").notNull(),
    /** SHA-256 of the whole part as it came, in hex; null until it is whole. */
    sha256: text("sha256"),
  },
  (table) => [primaryKey({ columns: [table.digest, table.position] })],
);

/** Uploads to registries that have begun and not ended, so that they can be resumed. */
export const uploads = sqliteTable(
  "uploads",
  {
    /** Origin, e.g. `https://registry.example:5000`. */
    registry: text("registry").notNull(),
    /** `<namespace>/<model>` */
    repository: text("repository").notNull(),
    digest: text("digest").$type<Digest>().notNull(),
    /** The upload session: where the bytes from `sent` on go. */
    url: text("url").notNull(),
    /** Bytes from the blob's beginning that the registry had when it last said so. */
    sent: integer("sent").notNull(),
    /** Length of the parts that it is sent in; the last one has whatever is left. */
    partBytes: integer("part_bytes").notNull(),
    /** The registry wants a checksum of the parts at the end, as Ollama's does. */
    hasEtag: integer("has_etag", { mode: "boolean" }).notNull(),
    /** The process that uploads; null when nobody does. */
    writer: text("writer"),
    /** Milliseconds since the epoch. */
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.registry, table.repository, table.digest] })],
);

/** Responses of OpenAI's API that a client may continue or ask for again. */
export const responses = sqliteTable(
  "responses",
  {
    id: text("id").primaryKey(),
    /** The response that this one continues. It may have been removed since. */
    previousId: text("previous_id"),
    /** When it was made or last continued, in milliseconds. */
    usedAt: integer("used_at").notNull(),
    /** Bytes of its texts in UTF-8, those of its items included. */
    bytes: integer("bytes").notNull(),
    /** The response as JSON, without its output. */
    body: text("body").notNull(),
  },
  (table) => [index("responses_used").on(table.usedAt, table.bytes)],
);

/** The items of a response: those of its input, then those of its output. */
export const responseItems = sqliteTable(
  "response_items",
  {
    responseId: text("response_id")
      .notNull()
      .references(() => responses.id, { onDelete: "cascade" }),
    position: integer("position").notNull(),
    isOutput: integer("is_output", { mode: "boolean" }).notNull(),
    /** Not unique: an item that a later response refers to is one of its items too. */
    id: text("id").notNull(),
    /** The item as JSON. */
    content: text("content").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.responseId, table.position] }),
    index("response_items_id").on(table.id),
  ],
);

/**
 * The work that models have done for requests, summed up: a row for each hour, model, dialect, kind of work and API key. Several servers on
 * one store add to the same rows.
 */
export const usage = sqliteTable(
  "usage",
  {
    /** When the hour began, in milliseconds since the epoch. */
    hour: integer("hour").notNull(),
    /** Shortest display name. */
    model: text("model").notNull(),
    /** `ollama`, `openai` or `anthropic`. */
    dialect: text("dialect").notNull(),
    /** `chat`, `completion`, `embed`, `rerank`, `decide`, `tokens` or `load`. */
    kind: text("kind").notNull(),
    /** Id of the API key; "" for requests without one, because null is not equal to itself. */
    keyId: text("key_id").notNull(),
    requests: integer("requests").notNull(),
    /** How many of the requests failed. */
    errors: integer("errors").notNull(),
    promptTokens: integer("prompt_tokens").notNull(),
    /** How many of the prompts' tokens came from the cache. */
    cachedTokens: integer("cached_tokens").notNull(),
    generatedTokens: integer("generated_tokens").notNull(),
    /** Requests that got text. */
    firstTexts: integer("first_texts").notNull(),
    /** Milliseconds until their first text: the sum, and the longest. */
    firstTextMs: integer("first_text_ms").notNull(),
    firstTextMaxMs: integer("first_text_max_ms").notNull(),
    /** Milliseconds that all requests took. */
    durationMs: integer("duration_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.hour, table.model, table.dialect, table.kind, table.keyId] })],
);

/** `paused`: interrupted, by its clients leaving or by a full disk; the next pull of the name goes on with it. */
export type PullState = "running" | "paused" | "failed" | "done";

export type PullRow = typeof pulls.$inferSelect;
export type UploadRow = typeof uploads.$inferSelect;
export type PullPartRow = typeof pullParts.$inferSelect;
export type ModelRow = typeof models.$inferSelect;
export type BlobRow = typeof blobs.$inferSelect;
export type LayerRow = typeof layers.$inferSelect;
export type GgufRow = typeof gguf.$inferSelect;
export type UsageRow = typeof usage.$inferSelect;
export type TextRow = typeof texts.$inferSelect;
