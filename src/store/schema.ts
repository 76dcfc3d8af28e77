import { sql } from "drizzle-orm";
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { Digest } from "../lib/digest.ts";

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
    /** When the content was last hashed, in milliseconds; null when the file has been touched by others since. */
    verifiedAt: integer("verified_at"),
    /** The file's modification time as we left it, in milliseconds. */
    mtime: integer("mtime").notNull(),
    /** The file has been found gone, or of another size. */
    missing: integer("missing", { mode: "boolean" }).notNull().default(false),
  },
  (table) => [index("blobs_missing").on(table.digest).where(sql`${table.missing} = 1`)],
);

/** Written out, because SQLite uses the partial index only for a condition without a parameter. */
export const isMissing = sql`${blobs.missing} = 1`;

/** What a manifest refers to: its config at position 0, its layers from 1 in the manifest's order. */
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

/** Content of the small layers (config, template, system, …), so that answering about a model opens no file. */
export const texts = sqliteTable("texts", {
  digest: text("digest")
    .$type<Digest>()
    .primaryKey()
    .references(() => blobs.digest, { onDelete: "cascade" }),
  content: text("content").notNull(),
});

/** What a GGUF's header says. The wide columns come last: SQLite does not read them when they are not asked for. */
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

export type ModelRow = typeof models.$inferSelect;
export type BlobRow = typeof blobs.$inferSelect;
export type LayerRow = typeof layers.$inferSelect;
export type GgufRow = typeof gguf.$inferSelect;
export type TextRow = typeof texts.$inferSelect;
