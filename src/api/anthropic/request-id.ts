const BYTES = 12;

/** The id of a request, which its reply has in the header `request-id` (docs/behaviour: api-openai §9.1): `req_` and 24 hexadecimal digits. */
export const newRequestId = (): string => `req_${crypto.getRandomValues(new Uint8Array(BYTES)).toHex()}`;

export const requestIdHeader = (requestId: string) => ({ "request-id": requestId });
