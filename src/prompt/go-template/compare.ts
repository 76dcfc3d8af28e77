import { GoTemplateError } from "./error.ts";
import { sprintf } from "./printf.ts";
import { type GoValue, typeName, unboxed } from "./value.ts";

const isScalar = (value: GoValue): value is boolean | string | bigint | number =>
  value !== undefined && typeof value !== "object";

const fail = (message: string): never => {
  throw new GoTemplateError(message);
};

const isNil = (value: GoValue): boolean =>
  value === undefined || (typeof value === "object" && "isNil" in value && value.isNil);

const incompatible = (a: Exclude<GoValue, undefined>, b: Exclude<GoValue, undefined>): never =>
  fail(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);

function equalContainers(a: GoValue, b: GoValue): boolean {
  if (
    a !== undefined &&
    b !== undefined &&
    typeof a === "object" &&
    typeof b === "object" &&
    a.kind !== b.kind
  ) {
    return fail(
      `non-comparable types ${sprintf("%s: ", [a])}${typeName(a)}, ${typeName(b)}${sprintf(": %v", [b])}`,
    );
  }
  if (isNil(a) || isNil(b)) return isNil(a) === isNil(b);
  if (typeof b === "object" && b.kind === "struct" && b.isPointer) return a === b;
  return fail(`non-comparable type ${sprintf("%s: ", [b])}${typeName(b!)}`);
}

function equal(a: GoValue, b: GoValue): boolean {
  if (isScalar(a) && isScalar(b)) return typeof a === typeof b ? a === b : incompatible(a, b);
  if (isScalar(a) || isScalar(b)) return a === undefined || b === undefined ? false : incompatible(a, b);
  return equalContainers(a, b);
}

/**
 * `eq a b c…`: whether the first equals any of the others.
 * @throws GoTemplateError with Go's text, for values that Go does not compare.
 */
export function equalsAny(first: GoValue, others: readonly GoValue[]): boolean {
  if (others.length === 0) fail("missing argument for comparison");
  const left = unboxed(first);
  return others.some((other) => equal(left, unboxed(other)));
}

/** `lt a b`. Strings compare by their bytes. */
export function lessThan(first: GoValue, second: GoValue): boolean {
  const a = unboxed(first);
  const b = unboxed(second);
  if (!isScalar(a) || !isScalar(b)) return fail("invalid type for comparison");
  if (typeof a === "string" && typeof b === "string")
    return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
  if (typeof a === "bigint" && typeof b === "bigint") return a < b;
  if (typeof a === "number" && typeof b === "number") return a < b;
  return typeof a === typeof b ? fail("invalid type for comparison") : incompatible(a, b);
}
