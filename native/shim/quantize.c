/* Quantisation: another process than a model's, so this is a unit of its own and shares with shim.c only the declarations and the log. */
#include "abi.h"
#include "log.c"

/* Tensor rows that are in memory at a time; llama.cpp's own limit is 8 GiB. */
#define ROW_BYTES (512ul << 20)

/*
 * llama.cpp names each tensor as it comes to it ("[   3/ 290] blk.0.attn_k.weight …"), which is the only progress it reports. Its
 * warnings are left out: they are about tensors that get another type than the rest, never about the reason of a failure.
 */
static void on_quantize_log(int level, const char *text, void *user_data) {
    if (level == GGML_LOG_LEVEL_ERROR) on_log(level, text, user_data);
    if (level != GGML_LOG_LEVEL_INFO || text[0] != '[') return;
    write(1, text, strlen(text));
    write(1, "\n", 1);
}

/* Writes `from` to `to` as `file_type` (enum llama_ftype). 0, or another number; then llama.cpp has printed why. */
int32_t shim_quantize(const char *from, const char *to, int32_t file_type, int32_t threads) {
    struct llama_model_quantize_params params = llama_model_quantize_default_params();
    llama_log_set(on_quantize_log, NULL);
    llama_backend_init();
    params.ftype = file_type;
    params.nthread = threads;
    params.max_buf_size = ROW_BYTES;
    return (int32_t)llama_model_quantize(from, to, &params);
}
