/** Failures of all routes that read a JSON body. */
export const BODY_FAILURES = { 413: "http: request body too large" };

/** Failures of all routes that read the model store. */
export const STORE_FAILURES = {
  500: "internal server error",
  503: "the model store is locked by another process",
};
export const WRITE_FAILURES = {
  ...STORE_FAILURES,
  507: "no space left on the disk that holds the models; nothing was kept",
};

/** Failures of all routes for which a model works. */
export const ENGINE_FAILURES = {
  ...BODY_FAILURES,
  403: 'ollama cloud is disabled: remote model is unavailable ("gpt-oss:120b-cloud" is a cloud model: it runs on ollama.com only)',
  499: "request canceled",
  500: "timed out waiting for the model runner to start",
  503: "server busy, please try again.  maximum pending requests exceeded",
};

/** Failures of all routes that may show the model a picture or sound. */
export const SEEING_FAILURES = {
  ...ENGINE_FAILURES,
  501: "registry.ollama.ai/library/gemma3:4b has vision, which is not installed on this server; get it with: llamero engine add vision",
};
