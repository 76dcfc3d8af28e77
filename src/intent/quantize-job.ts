/** Work for the quantizing process. */
export interface QuantizeJob {
  /** Path of the GGUF to read. */
  from: string;
  /** Path of the GGUF to write. On failure a part of it may be left for the caller to remove. */
  to: string;
  /** `enum llama_ftype`. */
  fileType: number;
  /** Called with a tensor's name when its turn comes, in the order of the work. */
  onTensor(name: string): void;
  /** Ends the process. */
  signal: AbortSignal;
}

/** Quantizes a file outside this process. @throws AppError `engine` with llama.cpp's own last error line; the signal's reason when aborted. */
export type Quantize = (job: QuantizeJob) => Promise<void>;
