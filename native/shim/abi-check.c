/*
 * Are the structs that we declare those that the library was built with? A field that has moved gets the value of another one, and
 * llama.cpp then does something else, without an error. The defaults compared here are the library's own, known in all fields.
 */

#define EXPECT(condition, name) if (!(condition)) return name

static const char *model_mismatch(const struct llama_model_params *p) {
    EXPECT(p->devices == NULL, "llama_model_params.devices");
    EXPECT(p->n_gpu_layers == -1, "llama_model_params.n_gpu_layers");
    EXPECT(p->split_mode == 1, "llama_model_params.split_mode");
    EXPECT(p->main_gpu == 0, "llama_model_params.main_gpu");
    EXPECT(p->progress_callback == NULL, "llama_model_params.progress_callback");
    EXPECT(!p->vocab_only && !p->check_tensors, "llama_model_params.check_tensors");
    EXPECT(p->use_extra_bufts == 1, "llama_model_params.use_extra_bufts");
    EXPECT(!p->no_host && !p->no_alloc && !p->load_mtp, "llama_model_params.load_mtp");
    return NULL;
}

static const char *context_mismatch(const struct llama_context_params *p) {
    EXPECT(p->n_ctx == 512, "llama_context_params.n_ctx");
    EXPECT(p->n_batch == 2048, "llama_context_params.n_batch");
    EXPECT(p->n_ubatch == 512, "llama_context_params.n_ubatch");
    EXPECT(p->n_seq_max == 1, "llama_context_params.n_seq_max");
    EXPECT(p->n_outputs_max_per_seq == 1, "llama_context_params.n_outputs_max_per_seq");
    EXPECT(p->n_threads == 4 && p->n_threads_batch == 4, "llama_context_params.n_threads");
    EXPECT(p->rope_scaling_type == -1 && p->pooling_type == -1, "llama_context_params.pooling_type");
    EXPECT(p->attention_type == -1 && p->flash_attn_type == -1, "llama_context_params.flash_attn_type");
    EXPECT(p->rope_freq_base == 0.0f && p->yarn_ext_factor == -1.0f, "llama_context_params.yarn_ext_factor");
    EXPECT(p->yarn_beta_slow == -1.0f && p->defrag_thold == -1.0f, "llama_context_params.defrag_thold");
    EXPECT(p->type_k == 1 && p->type_v == 1, "llama_context_params.type_k");
    EXPECT(p->abort_callback == NULL, "llama_context_params.abort_callback");
    EXPECT(!p->embeddings && p->offload_kqv == 1 && p->no_perf == 1, "llama_context_params.offload_kqv");
    EXPECT(p->op_offload == 1 && p->swa_full == 1 && !p->kv_unified, "llama_context_params.kv_unified");
    EXPECT(p->samplers == NULL && p->n_samplers == 0 && p->ctx_other == NULL, "llama_context_params.ctx_other");
    return NULL;
}

/* The first field whose default differs from the expected one, or NULL. */
const char *shim_abi_mismatch(void) {
    struct llama_model_params model_defaults = llama_model_default_params();
    struct llama_context_params context_defaults = llama_context_default_params();
    const char *mismatch = model_mismatch(&model_defaults);
    return mismatch != NULL ? mismatch : context_mismatch(&context_defaults);
}
