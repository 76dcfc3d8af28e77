import { and, desc, eq, getTableColumns, notInArray, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { Digest } from "../lib/digest.ts";
import type { Db } from "./database.ts";
import { fillsMiddle, ranks } from "./gguf-traits.ts";
import { MEDIA } from "./media-type.ts";
import { blobs, gguf, isLacking, layers, type ModelRow, manifests, models, texts } from "./schema.ts";

/** One line of the list of models: everything it needs, from one query. */
export interface ModelListRow extends ModelRow {
  size: number;
  /** The config's JSON. */
  config: string | null;
  parentModel: string | null;
  weightsDigest: Digest | null;
  templateDigest: Digest | null;
  projectorDigest: Digest | null;
  architecture: string | null;
  fileType: number | null;
  contextLength: number | null;
  embeddingLength: number | null;
  poolingType: number | null;
  hasVision: boolean | null;
  hasAudio: boolean | null;
  fillsMiddle: boolean;
  ranks: boolean;
}

/** Digest of the last layer with one of these media types, as Ollama lets the last one win. */
const lastDigest = (...mediaTypes: string[]) =>
  sql<Digest | null>`(select l.digest from layers l where l.manifest_digest = ${models.manifestDigest}
    and l.media_type in ${mediaTypes} order by l.position desc limit 1)`;

/** Of the first model layer, so that a manifest with several is listed once. */
const weightsPosition = sql<number>`(select min(l.position) from layers l
  where l.manifest_digest = ${models.manifestDigest} and l.media_type = ${MEDIA.model})`;

const { digest, parameterCount, chatTemplate, metadata, tensors, ...ggufColumns } = getTableColumns(gguf);

const config = alias(layers, "config");
const weights = alias(layers, "weights");

const columns = {
  ...getTableColumns(models),
  size: manifests.totalSize,
  config: texts.content,
  parentModel: weights.from,
  weightsDigest: weights.digest,
  templateDigest: lastDigest(MEDIA.template, MEDIA.prompt),
  projectorDigest: lastDigest(MEDIA.projector),
  ...ggufColumns,
  fillsMiddle: fillsMiddle(),
  ranks: ranks(),
};

const brokenManifests = (db: Db) =>
  db
    .select({ digest: layers.manifestDigest })
    .from(layers)
    .innerJoin(blobs, eq(blobs.digest, layers.digest))
    .where(isLacking);

/** Every model whose blobs are all there, newest first. */
export const listQuery = (db: Db) => {
  const { manifestDigest } = models;
  return db
    .select(columns)
    .from(models)
    .innerJoin(manifests, eq(manifests.digest, manifestDigest))
    .leftJoin(config, and(eq(config.manifestDigest, manifestDigest), eq(config.position, 0)))
    .leftJoin(texts, eq(texts.digest, config.digest))
    .leftJoin(weights, and(eq(weights.manifestDigest, manifestDigest), eq(weights.position, weightsPosition)))
    .leftJoin(gguf, eq(gguf.digest, weights.digest))
    .where(notInArray(manifestDigest, brokenManifests(db)))
    .orderBy(desc(models.modifiedAt), desc(models.id))
    .prepare();
};
