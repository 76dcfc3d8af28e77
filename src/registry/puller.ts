import type { ModelName } from "../models/name.ts";
import type { Prunable } from "../store/prune.ts";
import type { PullState } from "../store/schema.ts";
import type { Credentials } from "./session.ts";

export interface ModelPull {
  name: ModelName;
  /** Talk http. */
  insecure: boolean;
  credentials?: Credentials;
}

/** One line of progress; see api-native §15. */
export interface PullStatus {
  status: string;
  digest?: string;
  total?: number;
  /** Left out while it is 0. */
  completed?: number;
}

/** A pull, also one that has ended. */
export interface PullReport {
  id: number;
  /** The name as users see it. */
  model: string;
  state: PullState;
  /** Bytes of all layers; 0 while the manifest is not there. */
  total: number;
  completed: number;
  /** Bytes a second; 0 unless the pull is running in this server. */
  rate: number;
  error?: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  updatedAt: number;
}

/** A model whose tag was compared with its registry's. */
export interface Freshness {
  name: string;
  state: "current" | "outdated" | "unknown";
  /** SHA-256 of the manifests, hex. */
  local: string;
  remote?: string;
  /** Why the registry's manifest is not known. */
  reason?: string;
}

/** Models from registries. Every failure is an AppError. */
export interface Puller {
  /**
   * Pulls a model, or goes on with a pull that was interrupted. Clients that pull one model at the same time share the work; when the
   * last of them leaves the pull pauses. Ends with `success`.
   */
  pull(request: ModelPull, signal: AbortSignal): AsyncIterable<PullStatus>;
  /** Latest first. */
  list(): PullReport[];
  /** Stops a pull if it is running, forgets it, and removes blobs that only it had fetched. False when there is none. */
  remove(id: number): Promise<boolean>;
  /** Removes partial blobs of interrupted pulls and blobs that no model names; a dry run only lists them. */
  prune(dryRun: boolean): Prunable[];
  /** Compares an installed model with its registry's manifest; undefined when it is not installed. Fetches no layer. */
  check(request: ModelPull, signal: AbortSignal): Promise<Freshness | undefined>;
}
