import { and, eq, lt } from "drizzle-orm";
import { type Sql, writeTransaction } from "./database.ts";
import { type UploadRow, uploads } from "./schema.ts";
import type { StoreContext } from "./store-context.ts";
import { isOtherWriter, writerText } from "./temp-name.ts";

/** About as long as registries keep a session: docker-registry purges those of a week. */
const REMEMBERED_MS = 7 * 24 * 60 * 60 * 1000;

/** A blob, and the repository that it is uploaded to. */
type UploadKey = Pick<UploadRow, "registry" | "repository" | "digest">;

/** How far an upload is. */
export type UploadState = Pick<UploadRow, "url" | "sent" | "partBytes" | "hasEtag">;

/** The books' record of one upload. Nobody else goes on with the upload until the record is disposed. */
export interface UploadRecord extends Disposable {
  /** How far the upload was; undefined when there was none, or when somebody else has it. */
  readonly state: UploadState | undefined;
  /** Has no effect where somebody else has the upload. */
  save(state: UploadState): void;
  forget(): void;
}

/** The books of uploads that have begun. */
export interface Uploads {
  open(key: UploadKey): UploadRecord;
}

export function createUploads({ db, clock }: StoreContext): Uploads {
  /** Uploads that this process has open: two of its own must not send into one session either. */
  const open = new Set<string>();
  return {
    open(key) {
      const id = `${key.registry} ${key.repository} ${key.digest}`;
      if (open.has(id)) return NOT_OURS;
      const { state, ours } = writeTransaction(db, (tx) => claim(tx, key, clock.now()));
      if (!ours) return NOT_OURS;
      open.add(id);
      return {
        state,
        save: (next) => writeTransaction(db, (tx) => save(tx, key, next, clock.now())),
        forget: () => writeTransaction(db, (tx) => tx.delete(uploads).where(ofUs(key)).run()),
        [Symbol.dispose]() {
          open.delete(id);
          writeTransaction(db, (tx) => tx.update(uploads).set({ writer: null }).where(ofUs(key)).run());
        },
      };
    },
  };
}

/** The record of a blob that another process uploads: that session is not resumed, and an upload here is not remembered. */
const NOT_OURS: UploadRecord = { state: undefined, save() {}, forget() {}, [Symbol.dispose]() {} };

const is = ({ registry, repository, digest }: UploadKey) =>
  and(eq(uploads.registry, registry), eq(uploads.repository, repository), eq(uploads.digest, digest));
const ofUs = (key: UploadKey) => and(is(key), eq(uploads.writer, writerText()));

const find = (tx: Sql, key: UploadKey): UploadRow | undefined =>
  tx.select().from(uploads).where(is(key)).get();

function claim(tx: Sql, key: UploadKey, now: number): { state: UploadState | undefined; ours: boolean } {
  tx.delete(uploads)
    .where(lt(uploads.updatedAt, now - REMEMBERED_MS))
    .run();
  const row = find(tx, key);
  if (isOtherWriter(row?.writer)) return { state: undefined, ours: false };
  tx.update(uploads).set({ writer: writerText() }).where(is(key)).run();
  return { state: row, ours: true };
}

/** Saves the state, unless another process has begun the same upload since. */
function save(tx: Sql, key: UploadKey, state: UploadState, now: number): void {
  if (isOtherWriter(find(tx, key)?.writer)) return;
  const { url, sent, partBytes, hasEtag } = state;
  const fresh = { url, sent, partBytes, hasEtag, writer: writerText(), updatedAt: now };
  tx.insert(uploads)
    .values({ ...key, ...fresh })
    .onConflictDoUpdate({ target: [uploads.registry, uploads.repository, uploads.digest], set: fresh })
    .run();
}
