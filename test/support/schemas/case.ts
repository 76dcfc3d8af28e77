/** A JSON Schema with values that fulfil it, properties in declared order, and values that do not. */
export interface SchemaCase {
  name: string;
  schema: Record<string, unknown> | boolean;
  valid: readonly unknown[];
  invalid: readonly unknown[];
  /** How often schemaGrammar says that something is not enforced. Absent: never. */
  warnings?: number;
}
