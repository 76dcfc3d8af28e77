import { Kind, type TSchema, type TUnion } from "@sinclair/typebox";
import type { ValueError } from "@sinclair/typebox/errors";
import { Value } from "@sinclair/typebox/value";
import { AppError, badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import { goSentence } from "./go-sentence.ts";
import { childSchema, meantMember } from "./schema-members.ts";

const REFUSAL = Symbol("refusal");

/** Where a value stands in a request: names of fields and positions in lists, e.g. `["messages", "0", "content"]`. */
export type Path = readonly string[];

/**
 * The text or error with which a value is refused, or a part of it that has no refusal of its own. Undefined: the refusal of the value
 * around it, else Go's sentence.
 */
export type Refusal = (value: unknown, path: Path) => string | AppError | undefined;

/** Gives a schema a refusal of its own; it is called with `undefined` where a value is missing. */
export const refusing = <T extends TSchema>(schema: T, refusal: Refusal): T => ({
  ...schema,
  [REFUSAL]: refusal,
});

/** A value of a request that its schema does not allow. */
export class RefusedValue extends AppError {
  readonly path: Path;

  constructor(path: Path, message: string) {
    super("bad_request", message);
    this.path = path;
  }
}

/** `messages.0.content`. */
export const dotted = (path: Path): string => path.join(".");

/** `messages[0].content`. */
export const indexed = (path: Path): string =>
  path.map((name, at) => (/^\d+$/.test(name) ? `[${name}]` : at === 0 ? name : `.${name}`)).join("");

const pathOf = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

/** A value on the way to the one that is wrong. */
interface Place {
  schema: TSchema;
  value: unknown;
  path: Path;
}

const childValue = (value: unknown, name: string): unknown =>
  Array.isArray(value) ? value[Number(name)] : isRecord(value) ? value[name] : undefined;

/** The places from the root to the value that is wrong; in a union, on into the alternative that the value is meant to be. */
function* wayTo(wrong: Path, { schema, value, path }: Place): Generator<Place> {
  yield { schema, value, path };
  if (schema[Kind] === "Union") {
    const meant = meantMember(schema as TUnion, value);
    const inner = meant && Value.Errors(meant, value).First();
    if (inner !== undefined) yield* wayTo([...path, ...pathOf(inner.path)], { schema: meant!, value, path });
    return;
  }
  const name = wrong[path.length];
  const child = name === undefined ? undefined : childSchema(schema, name);
  if (child === undefined) return;
  yield* wayTo(wrong, { schema: child, value: childValue(value, name!), path: [...path, name!] });
}

/** The refusal of a value by its schema's own words. */
function ownWords({ schema, value, path }: Place): AppError | undefined {
  const refusal: Refusal | undefined = Reflect.get(schema, REFUSAL);
  const words = refusal?.(value, path);
  return typeof words === "string" ? new RefusedValue(path, words) : words;
}

/**
 * The refusal of a request by its first validation error: that of the innermost schema that has one, otherwise Go's sentence
 * (docs/behaviour: api-native §1.2).
 *
 * @param root schema of the whole request; its title is the Go name of its type.
 * @param request the whole request.
 */
export function refusalOf(error: ValueError, root: TSchema, request: unknown): AppError {
  const places = [...wayTo(pathOf(error.path), { schema: root, value: request, path: [] })];
  for (const place of places.toReversed()) {
    const words = ownWords(place);
    if (words !== undefined) return words;
  }
  const { schema, value, path } = places.at(-1)!;
  return badRequest(goSentence(root, schema, value, path));
}
