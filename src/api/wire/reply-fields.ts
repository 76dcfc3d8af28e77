import { type TProperties, Type } from "@sinclair/typebox";

/** A reply. `title` is its name in the OpenAPI document. */
export const reply = <T extends TProperties>(title: string, description: string, properties: T) =>
  Type.Object(properties, { title, description });

/** Fields of replies. */
export const replyText = (description: string) => Type.String({ description });
export const count = (description: string) => Type.Integer({ description });
export const bytes = (what: string) => Type.Integer({ description: `${what}, in bytes.` });
export const nanoseconds = (what: string) =>
  Type.Optional(Type.Integer({ description: `${what}, in nanoseconds.` }));
export const moment = (what: string) =>
  Type.String({ format: "date-time", description: `${what} (RFC 3339).` });
