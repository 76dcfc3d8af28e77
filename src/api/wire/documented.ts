/**
 * What the OpenAPI document says of a schema beyond what is checked. These are keywords and not symbols, because schemas reach the
 * document as JSON; no validator knows them.
 */
export const REQUEST = "x-request";

/** Null stands for an empty element in a list. */
export const NULL_ELEMENTS = "x-null-elements";

/** What a request object is documented with. */
export interface RequestKeyword {
  /** Fields that a request makes no sense without. Their absence has error texts of its own, so no schema asks for them. */
  required: readonly string[];
}

/** Marks an object inside a request whose optional fields may be null, as the request's own may. Not for objects that are kept verbatim. */
export const NULLABLE_FIELDS: { [REQUEST]: RequestKeyword } = { [REQUEST]: { required: [] } };
