/** What can go wrong wherever a JSON body is read. */
export const BODY_FAILURES = { 413: "http: request body too large" };

/** What can go wrong wherever the model store is read or written. */
export const STORE_FAILURES = {
  500: "internal server error",
  503: "the model store is locked by another process",
};
export const WRITE_FAILURES = {
  ...STORE_FAILURES,
  507: "no space left on the disk that holds the models; nothing was kept",
};

/** What can go wrong wherever a model is put to work. */
export const ENGINE_FAILURES = {
  ...BODY_FAILURES,
  403: 'ollama cloud is disabled: remote model is unavailable ("gpt-oss:120b-cloud" is a cloud model: it runs on ollama.com only)',
  499: "request canceled",
  500: "timed out waiting for the model runner to start",
  503: "server busy, please try again.  maximum pending requests exceeded",
};

/** The same of requests that may show the model something. */
export const SEEING_FAILURES = {
  ...ENGINE_FAILURES,
  501: "registry.ollama.ai/library/gemma3:4b has vision, which is not installed on this server; get it with: llamero engine add vision",
};
