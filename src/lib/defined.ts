/** `T` with its members that may be undefined as optional ones. */
export type Defined<T> = {
  [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key];
} & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/**
 * The same object without the members that are undefined: for types whose optional members are absent and never undefined
 * (`exactOptionalPropertyTypes`), and for JSON in which an absent member and a null differ.
 */
export function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
}

/** The result of `make` for a value, as a member of {@link defined}; undefined where there is no value. */
export const ifDefined = <Value, Made>(
  value: Value | undefined,
  make: (value: Value) => Made,
): Made | undefined => (value === undefined ? undefined : make(value));
