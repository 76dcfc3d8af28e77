import { and, asc, eq, getTableColumns, sql } from "drizzle-orm";
import type { Digest } from "../lib/digest.ts";
import { Lru } from "../lib/lru.ts";
import type { Db } from "./database.ts";
import { fillsMiddle, ranks } from "./gguf-traits.ts";
import { listQuery, type ModelListRow } from "./list-query.ts";
import {
  blobs,
  gguf,
  isLacking,
  type LayerRow,
  layers,
  type ModelRow,
  manifests,
  models,
  texts,
} from "./schema.ts";
import { hasName, type StoredName } from "./stored-name.ts";

/** A layer (or the config, at position 0) with its content, where it is text. */
export type ModelPart = Pick<LayerRow, "position" | "mediaType" | "digest" | "size" | "from"> & {
  text: string | null;
};

/** Header facts of a GGUF without its metadata and tensors, which only a report needs. */
export type GgufFactsRow = Omit<typeof gguf.$inferSelect, "metadata" | "tensors">;

/** The facts as they are read from the books, with two more that are derived from metadata and tensors. */
export type GgufReadRow = GgufFactsRow & { fillsMiddle: boolean; ranks: boolean };

/** Reads that requests wait for, compiled once. */
export interface ModelReads {
  find(name: StoredName): ModelRow | undefined;
  /** Every model whose blobs are all there, newest first. */
  list(): ModelListRow[];
  /** A text that changes whenever something in the books has changed, by this process or another; cheap enough for every request. */
  revision(): string;
  /** Every model, also one whose blobs are missing. */
  names(): ModelRow[];
  /** A manifest's bytes as they were written or pulled. */
  manifest(digest: string): Uint8Array | undefined;
  /** Config and layers in the manifest's order. */
  parts(manifestDigest: string): ModelPart[];
  /** Does the manifest name a blob that has been found missing, and that the model needs? */
  isBroken(manifestDigest: string): boolean;
  /** Content of a small layer. */
  text(digest: Digest): string | undefined;
  gguf(digest: Digest): GgufReadRow | undefined;
  /** `metadata` and `tensors` as stored. */
  ggufDetails(digest: Digest): { metadata: string; tensors: string } | undefined;
}

/** Manifests, and GGUFs, whose rows are kept in memory. */
const REMEMBERED = 64;

export function createModelReads(db: Db): ModelReads {
  const find = findQuery(db);
  const list = listQuery(db);
  const parts = partsQuery(db);
  const broken = brokenQuery(db);
  const facts = factsQuery(db);
  // A digest stands for its content, so facts that were read once stay true, whatever happens to the rows.
  const knownParts = new Lru<string, ModelPart[]>(REMEMBERED);
  const knownFacts = new Lru<Digest, GgufReadRow>(REMEMBERED);
  const readParts = (manifest: string): ModelPart[] | undefined => {
    const rows = parts.all({ manifest });
    return rows.length > 0 ? rows : undefined;
  };
  return {
    find: ({ host, namespace, model, tag }) => find.get({ host, namespace, model, tag }),
    list: () => list.all(),
    revision: revisionOf(db),
    names: () => db.select().from(models).orderBy(asc(models.id)).all(),
    manifest: (digest) =>
      db.select({ json: manifests.json }).from(manifests).where(eq(manifests.digest, digest)).get()?.json,
    parts: (manifest) => knownParts.take(manifest, () => readParts(manifest)) ?? [],
    isBroken: (manifest) => broken.get({ manifest }) !== undefined,
    text: (digest) => db.select().from(texts).where(eq(texts.digest, digest)).get()?.content,
    gguf: (digest) => knownFacts.take(digest, () => facts.get({ digest })),
    ggufDetails: (digest) =>
      db
        .select({ metadata: gguf.metadata, tensors: gguf.tensors })
        .from(gguf)
        .where(eq(gguf.digest, digest))
        .get(),
  };
}

/** Combines SQLite's count of this connection's changes with the number that changes when another connection commits. */
function revisionOf({ $client }: Db): () => string {
  const own = $client.query<{ changes: number }, []>("SELECT total_changes() AS changes");
  const others = $client.query<{ data_version: number }, []>("PRAGMA data_version");
  return () => `${own.get()?.changes}/${others.get()?.data_version}`;
}

const findQuery = (db: Db) =>
  db
    .select()
    .from(models)
    .where(
      hasName(models, {
        host: sql.placeholder("host"),
        namespace: sql.placeholder("namespace"),
        model: sql.placeholder("model"),
        tag: sql.placeholder("tag"),
      }),
    )
    .prepare();

const partsQuery = (db: Db) =>
  db
    .select({
      position: layers.position,
      mediaType: layers.mediaType,
      digest: layers.digest,
      size: layers.size,
      from: layers.from,
      text: texts.content,
    })
    .from(layers)
    .leftJoin(texts, eq(texts.digest, layers.digest))
    .where(eq(layers.manifestDigest, sql.placeholder("manifest")))
    .orderBy(asc(layers.position))
    .prepare();

const brokenQuery = (db: Db) =>
  db
    .select({ digest: layers.digest })
    .from(layers)
    .innerJoin(blobs, eq(blobs.digest, layers.digest))
    .where(and(eq(layers.manifestDigest, sql.placeholder("manifest")), isLacking))
    .limit(1)
    .prepare();

const factsQuery = (db: Db) => {
  const { metadata, tensors, ...columns } = getTableColumns(gguf);
  return db
    .select({ ...columns, fillsMiddle: fillsMiddle(), ranks: ranks() })
    .from(gguf)
    .where(eq(gguf.digest, sql.placeholder("digest")))
    .prepare();
};
