import { SQLiteError } from "bun:sqlite";
import { codeOf } from "../lib/error-code.ts";
import { AppError } from "../lib/errors.ts";

/** SQLite's own error: Drizzle wraps those of statements, and hands on those of BEGIN and COMMIT. */
export function sqliteError(error: unknown): SQLiteError | undefined {
  if (error instanceof SQLiteError) return error;
  return error instanceof Error && error.cause !== undefined ? sqliteError(error.cause) : undefined;
}

/** The system's or SQLite's code for what went wrong, e.g. `ENOSPC` or `SQLITE_FULL`; "" for other errors. */
const troubleCode = (error: unknown): string => sqliteError(error)?.code ?? codeOf(error);

const FULL = /^(ENOSPC|EDQUOT|SQLITE_FULL)$/;
/** A file that SQLite must make or make longer, which a full disk does not allow. */
const NO_ROOM = /^SQLITE_(IOERR_(SHMSIZE|SHMOPEN|SHMMAP|WRITE|FSYNC|TRUNCATE)|CANTOPEN)/;
const READ_ONLY = /^(EROFS|EACCES|EPERM|SQLITE_READONLY|SQLITE_PERM)/;
const DAMAGED = /^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ)/;

/** Is the disk full, for certain or as far as SQLite can tell? */
export const isFull = (error: unknown): boolean =>
  FULL.test(troubleCode(error)) || NO_ROOM.test(troubleCode(error));
export const isReadOnly = (error: unknown): boolean => READ_ONLY.test(troubleCode(error));
export const isDamaged = (error: unknown): boolean => DAMAGED.test(troubleCode(error));

/**
 * A failure of the disk or of SQLite as an error that names the place and says what to do; undefined for any other error.
 *
 * @param place the directory or file in question.
 * @param rest ends the message: what happened to the work.
 */
export function storeTrouble(
  error: unknown,
  place: string,
  rest = "nothing was changed",
): AppError | undefined {
  if (error instanceof AppError) return undefined;
  const code = troubleCode(error);
  const trouble = (kind: "no_space" | "read_only" | "busy" | "internal", text: string) =>
    new AppError(kind, text, { cause: error });
  if (FULL.test(code)) {
    return trouble(
      "no_space",
      `no space left on the disk that holds the models ("${place}"); ${rest}; "llamero rm" and "llamero prune" make room`,
    );
  }
  if (READ_ONLY.test(code)) return trouble("read_only", readOnlyText(place));
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    return trouble("busy", `the model store ("${place}") is locked by another process: try again, or end it`);
  }
  if (DAMAGED.test(code)) {
    return trouble(
      "internal",
      `the books of the models ("${place}") are damaged: restart the server, which makes them anew from the manifests and blobs`,
    );
  }
  if (/^(SQLITE_IOERR|SQLITE_CANTOPEN|EIO|EMFILE|ENFILE)/.test(code)) {
    return trouble(
      "internal",
      `"${place}" cannot be read or written (${code}): is its disk full, gone or failing?`,
    );
  }
  return undefined;
}

export const readOnlyText = (place: string): string =>
  `"${place}" cannot be written to, so models can only be used: give the server's user the right to write there, or set OLLAMA_MODELS`;

/**
 * The same functions, whose failures by the disk or by SQLite name the place; see {@link storeTrouble}. Promises are covered, the
 * steps of generators are not.
 */
export function namingPlace<Part extends object>(part: Part, place: string): Part {
  const named = (error: unknown): unknown => storeTrouble(error, place) ?? error;
  return new Proxy(part, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown => {
        try {
          const result: unknown = Reflect.apply(member, target, args);
          return result instanceof Promise
            ? result.catch((error: unknown) => {
                throw named(error);
              })
            : result;
        } catch (error) {
          throw named(error);
        }
      };
    },
  });
}
