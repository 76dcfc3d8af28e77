import type { System } from "./parsers.ts";

/** The log is no place for secrets. */
export const printSecret = (value: string): string => (value === "" ? "" : "set");

/** One environment variable: its documentation, and how its text becomes a value. */
export interface Variable<Value> {
  readonly name: string;
  /** The text that stands for an unset variable; parsed like any other, so the documentation cannot be wrong about it. */
  readonly default: string;
  readonly meaning: string;
  /** @throws BadValue */
  parse(text: string, system: System): Value;
  /** A text that parses to the same value, for the start-up log. Default: `String`. */
  print?(value: Value): string;
}
