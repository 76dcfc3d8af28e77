/**
 * Keywords of schemas for the OpenAPI document alone, which no validator checks. They are keywords and not symbols, because schemas
 * reach the document as JSON.
 */
export const REQUEST = "x-request";

/** Null stands for an empty element in a list. */
export const NULL_ELEMENTS = "x-null-elements";

/** The keyword on the schema of a request object. */
export interface RequestKeyword {
  /** Fields that a request makes no sense without. Their absence has error texts of its own, so no schema asks for them. */
  required: readonly string[];
}

/** Marks an object inside a request whose optional fields may be null, as the request's own may. Not for objects that are kept verbatim. */
export const NULLABLE_FIELDS: { [REQUEST]: RequestKeyword } = { [REQUEST]: { required: [] } };
