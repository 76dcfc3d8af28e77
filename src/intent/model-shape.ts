/** Facts of a GGUF's header about the memory that its model needs, found by tensor names and shapes. */
export interface ModelShape {
  /** Bytes of the weights in memory, tensors only. */
  weightsBytes: number;
  /** The token embeddings, where they serve as the output as well; 0 where the file has an output of its own, or there is none. */
  tiedOutputBytes: number;
  /** ggml's name of the type of the token embeddings, e.g. `Q8_0`. */
  tiedOutputType: string;
  vocabSize: number;
  embeddingLength: number;
  /** Values of all layers' keys and values together, for one token. */
  cacheWidth: number;
  /** Values of a recurrent model's state, for one sequence; 0 for others. */
  stateWidth: number;
  /** Widest query of any layer, and widest activations beside it. */
  queryWidth: number;
  feedForwardWidth: number;
  /** Attention masks: 2 where some layers attend to a window and others to everything. */
  masks: 1 | 2;
}
