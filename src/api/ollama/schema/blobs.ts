import { Type } from "@sinclair/typebox";
import type { Digest } from "../../../lib/digest.ts";
import { refusing } from "../../wire/refusal.ts";

export const BlobPath = Type.Object({
  digest: refusing(
    Type.Unsafe<Digest>(
      Type.String({
        pattern: "^sha256:[0-9a-f]{64}$",
        description: "SHA-256 of the content: `sha256:` and 64 lower-case hex digits.",
        example: "sha256:29fdb92e57cf0827ded04ae6461b5931d01fa595843f55d36f5b275a52087dd2",
      }),
    ),
    () => "invalid digest format",
  ),
});
