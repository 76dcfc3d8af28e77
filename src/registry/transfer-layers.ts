import type { Clock } from "../lib/clock.ts";
import type { Digest } from "../lib/digest.ts";
import type { Layer } from "../store/manifest.ts";
import { BlobProgress, type TransferProgress } from "./progress.ts";

/** The transfer of one layer. */
export interface LayerTransfer {
  state: BlobProgress;
  ended: Promise<void>;
}

/** The finished transfer of a layer that is where it should be. */
export function presentLayer({ digest, size }: { digest: Digest; size: number }): LayerTransfer {
  const state = new BlobProgress(digest, size);
  state.finish();
  return { state, ended: Promise.resolve() };
}

/**
 * Waits for all layers, which go side by side. When one fails the others are abandoned.
 *
 * @param begin begins the transfer of one layer, which ends when the signal is aborted.
 * @throws the first failure, when all transfers have stopped; the signal's reason.
 */
export async function transferLayers(
  layers: readonly Layer[],
  begin: (layer: Layer, signal: AbortSignal) => LayerTransfer,
  progress: TransferProgress,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const begun = layers.map((layer) => begin(layer, either));
  progress.blobs = begun.map(({ state }) => state);
  const changed = (): void => progress.changed(clock.now());
  const listening = progress.blobs.map((blob) => blob.listen(changed));
  changed();
  await Promise.allSettled(begun.map(({ ended }) => ended.catch((error) => failed.abort(error))));
  for (const stop of listening) stop();
  signal.throwIfAborted();
  failed.signal.throwIfAborted();
}
