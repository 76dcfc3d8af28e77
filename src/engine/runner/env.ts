/**
 * The variables that a runner inherits: those that lead to programs, libraries and its home, and those that choose devices or tune the
 * GPU drivers and ggml. The
 * rest, secrets among it, stays with the server.
 */
const INHERITED = [
  /^(PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|WINDIR|USERPROFILE|LOCALAPPDATA|XDG_CACHE_HOME)$/i,
  /^(LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|LD_PRELOAD|GLIBC_TUNABLES)$/,
  /^(CUDA|NVIDIA|HIP|ROCR|HSA|GPU|AMD|ROCM|GGML|LLAMA_ARG|VK|MESA|DRI|OMP|MTL|ONEAPI|ZE|SYCL)_/,
];

/**
 * Bun would otherwise send a report of every crash, GGML's assertions included, to its makers; and GGML would start a debugger,
 * where there is one, to print a backtrace.
 */
const NO_CRASH_REPORTS = { DO_NOT_TRACK: "1", BUN_ENABLE_CRASH_REPORTING: "0", GGML_NO_BACKTRACE: "1" };

/**
 * glibc then asks for huge pages for what llama.cpp allocates: weights, KV cache and buffers. Decoding reads all of the weights for each
 * token, and where Linux gives huge pages to those who ask ("madvise", the usual setting) that is 4 % faster with them.
 */
const HUGE_PAGES = { GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" };

/** The environment of a runner, out of the server's. */
export function runnerEnv(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && INHERITED.some((pattern) => pattern.test(entry[0])),
  );
  return { ...HUGE_PAGES, ...Object.fromEntries(kept), ...NO_CRASH_REPORTS };
}
