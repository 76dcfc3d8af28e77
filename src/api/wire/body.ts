import { Kind, type TObject, type TSchema } from "@sinclair/typebox";
import type { ValueError } from "@sinclair/typebox/errors";
import { AppError, badRequest } from "../../lib/errors.ts";
import { normalise } from "./normalise.ts";
import { inOwnTurn } from "./own-turn.ts";
import { MISSING_BODY, parseFirstJson, parseLargeJson } from "./parse-json.ts";
import { bodyTooLarge, MAX_JSON_BYTES, readStream, SMALL_BYTES } from "./read-stream.ts";
import { refusalOf } from "./refusal.ts";
import { noteRoute } from "./route-key.ts";

/** Bodies of at least this size are parsed in a turn of their own: parsing one takes a few milliseconds. */
const LARGE_BYTES = 1024 * 1024;

type Coding = ConstructorParameters<typeof DecompressionStream>[0];

/** Compressions of bodies, by their names in `Content-Encoding`. Zstandard is Bun's; the DOM's types do not have it. */
const CODINGS: Record<string, Coding> = {
  gzip: "gzip",
  "x-gzip": "gzip",
  deflate: "deflate",
  zstd: "zstd" as string as Coding,
};

/** Does what begins like this have zlib's header, which checks itself (RFC 1950 §2.2)? */
const hasZlibHeader = ([method = 0, flags]: Uint8Array): boolean =>
  (method & 0x0f) === 8 && (flags === undefined || (method * 256 + flags) % 31 === 0);

/**
 * Decompresses a stream. `deflate` means zlib's format (RFC 9110 §8.4.1.2), and some clients send the bare one of that name.
 */
async function decompressed(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  format: Coding,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  if (format !== "deflate") return stream.pipeThrough(new DecompressionStream(format));
  const reader = stream.getReader();
  let next = await reader.read();
  const bare = next.value !== undefined && !hasZlibHeader(next.value);
  const whole = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      if (next.done) return controller.close();
      controller.enqueue(next.value);
      next = await reader.read();
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return whole.pipeThrough(new DecompressionStream(bare ? "deflate-raw" : format));
}

/**
 * Reads a compressed body; its decompressed bytes are bounded like those of any other.
 *
 * @throws AppError with status 415 for a coding that is not read here.
 */
async function readCompressed(
  request: Request,
  body: NonNullable<Request["body"]>,
  coding: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const format = Object.hasOwn(CODINGS, coding) ? CODINGS[coding] : undefined;
  if (format === undefined) {
    const known = Object.keys(CODINGS).join(", ");
    const message = `content encoding ${JSON.stringify(coding)} is not supported: use ${known} or none`;
    throw new AppError("bad_request", message, { status: 415 });
  }
  try {
    return await readStream(request, await decompressed(body, format));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("bad_request", `the request body is no valid ${coding} data`, { cause: error });
  }
}

/** All of a body, never more than {@link MAX_JSON_BYTES} of it, whether its length was announced or not. */
async function readBody(request: Request, missing: string): Promise<Uint8Array<ArrayBuffer>> {
  const announced = Number(request.headers.get("content-length"));
  if (announced > MAX_JSON_BYTES) throw bodyTooLarge();
  if (request.body === null) throw badRequest(missing);
  const coding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (coding !== "identity" && coding !== "") return readCompressed(request, request.body, coding);
  if (announced > 0 && announced <= SMALL_BYTES) return new Uint8Array(await request.arrayBuffer());
  return readStream(request, request.body, announced > 0 ? announced : undefined);
}

/** A large body is parsed in a turn of its own. */
async function parseInTurn(bytes: Uint8Array<ArrayBuffer>, missing: string): Promise<unknown> {
  if (bytes.byteLength <= LARGE_BYTES) return parseFirstJson(bytes, missing);
  return inOwnTurn(() => parseLargeJson(bytes, missing));
}

/** Elysia's `error` of a schema: the reply to a value that it refuses. */
const refuse = (
  { errors: [first], value }: { errors: ValueError[]; value: unknown },
  { schema }: { schema: TSchema },
): AppError => refusalOf(first!, schema, value);

/** The schema with {@link refuse} on all of it, without which Elysia would print the whole body into its error. */
export function explained<T extends TSchema>(schema: T): T {
  const copies = new Map<object, unknown>();
  const copyOf = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const known = copies.get(value);
    if (known !== undefined) return known;
    if (Array.isArray(value)) return value.map(copyOf);
    const copy = { ...(Kind in value && { error: refuse }) };
    copies.set(value, copy);
    for (const key of Reflect.ownKeys(value)) Reflect.set(copy, key, copyOf(Reflect.get(value, key)));
    return copy;
  };
  return copyOf(schema) as T;
}

type Form = Awaited<ReturnType<Response["formData"]>>;

/** Makes JSON of a form. @param parse reads a JSON text as that of a body is read. */
type FormReader = (form: Form, parse: (text: string) => unknown) => Promise<unknown>;

/** @throws AppError `bad_request` for a body that is no form. */
async function readForm(
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
  fromForm: FormReader,
  missing: string,
): Promise<unknown> {
  const form = await new Response(bytes, { headers: { "content-type": type } })
    .formData()
    .catch((cause: unknown) => {
      throw new AppError("bad_request", "the request body is no valid multipart form", { cause });
    });
  return fromForm(form, (text) => parseFirstJson(new TextEncoder().encode(text), missing));
}

/**
 * Route options for a JSON body, whatever the request's content type says: `curl -d` sends a form's. The body is read and normalised
 * as Go would, and then validated by Elysia with the schema. `"json"` behind our parser is never reached; it tells the OpenAPI
 * document the content type.
 *
 * @param schema a TypeBox object whose `title` is the Go name of the request type.
 * @param missing the refusal of a request without a body. @param fromForm reads a `multipart/form-data` body, where the route takes one.
 */
export const jsonBody = <T extends TObject>(schema: T, missing = MISSING_BODY, fromForm?: FormReader) => ({
  parse: [
    async ({ request }: { request: Request }): Promise<unknown> => {
      const bytes = await readBody(request, missing);
      const type = request.headers.get("content-type") ?? "";
      const isForm = fromForm !== undefined && /^multipart\/form-data\b/i.test(type);
      const value = await (isForm ? readForm(bytes, type, fromForm, missing) : parseInTurn(bytes, missing));
      noteRoute(request, value);
      return normalise(schema, value ?? {});
    },
    "json" as const,
  ] satisfies [unknown, unknown],
  body: explained(schema),
});
