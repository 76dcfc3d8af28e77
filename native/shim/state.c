/* A slot's memory as bytes, which the prompt cache keeps outside of the context. */

/* How a sequence's memory can be cut; the numbers are those of KINDS in native/runner/cache/memory-kind.ts. */
#define MEMORY_ANYWHERE 0
#define MEMORY_WINDOWED 1
#define MEMORY_WHOLE 2

int32_t shim_memory_kind(void) {
    if (llama_model_is_recurrent(model) || llama_model_is_hybrid(model)) return MEMORY_WHOLE;
    return llama_model_n_swa(model) > 0 ? MEMORY_WINDOWED : MEMORY_ANYWHERE;
}

static uint32_t state_flags(bool partial) {
    return partial ? LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY : LLAMA_STATE_SEQ_FLAGS_NONE;
}

/* Bytes of a slot's state. `partial`: only the part that cannot be cut (recurrent state, sliding windows). */
uint64_t shim_state_size(int32_t slot, bool partial) { return llama_state_seq_get_size_ext(ctx, slot, state_flags(partial)); }

/* Bytes written to `out`; fewer than shim_state_size, or 0, is a failure. */
uint64_t shim_state_save(int32_t slot, uint8_t *out, uint64_t size, bool partial) {
    return llama_state_seq_get_data_ext(ctx, out, size, slot, state_flags(partial));
}

/* Bytes read; 0: llama.cpp refused them, and the slot's content is unknown. The caller has checked that they are as they were saved. */
uint64_t shim_state_load(int32_t slot, const uint8_t *bytes, uint64_t size, bool partial) {
    return llama_state_seq_set_data_ext(ctx, bytes, size, slot, state_flags(partial));
}
