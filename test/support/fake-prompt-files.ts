import type { PromptFiles } from "../../src/engine/port.ts";
import type { Digest } from "../../src/lib/digest.ts";

/** A prompt cache on no disk. */
export class FakePromptFiles implements PromptFiles {
  models: { weights: Digest; bytes: number }[] = [];

  async list() {
    return this.models;
  }

  async clear(): Promise<void> {
    this.models = [];
  }
}
