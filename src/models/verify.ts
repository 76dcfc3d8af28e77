import type { Store } from "../store/store.ts";
import type { BlobFault } from "../store/verify.ts";
import type { VerifyOptions, VerifyStatus } from "./catalog.ts";
import { shortName } from "./name.ts";
import { rereadModels, takeUpModels } from "./take-up.ts";

const REASONS: Record<BlobFault, string> = {
  missing: "its file is missing",
  size: "its file has another length",
  content: "its content has another digest",
};

/** See {@link Catalog.verify}. */
export async function* verifyStore(
  store: Store,
  { rebuild }: VerifyOptions,
  signal: AbortSignal,
): AsyncGenerator<VerifyStatus> {
  if (rebuild) {
    yield* takeUpModels(store);
    yield* rereadModels(store, signal);
  }
  const counts = { verified: 0, bad: 0 };
  for await (const check of store.verify(signal)) {
    switch (check.type) {
      case "progress":
        yield { status: "verifying", digest: check.digest, completed: check.completed, total: check.total };
        break;
      case "good":
        counts.verified++;
        yield { status: "verified", digest: check.digest, size: check.size };
        break;
      case "bad":
        counts.bad++;
        yield {
          status: "bad",
          digest: check.digest,
          reason: REASONS[check.fault],
          models: check.users.map(shortName),
          quarantined: check.quarantined,
        };
    }
  }
  yield { status: "done", ...counts };
}
