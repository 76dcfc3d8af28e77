/* Pooled embeddings: many sequences in one batch, one vector each. */
static struct llama_context *embed_ctx;
static struct llama_batch embed_batch;
static llama_seq_id *embed_slots;
static int32_t embed_capacity;

/* Opens the embedding context at the first call. Returns the capacity of one batch in tokens, or -1. */
int32_t shim_embed_open(void) {
    if (embed_ctx != NULL) return embed_capacity;
    embed_ctx = ctx;
    if (!load_params[LOAD_EMBEDDING_ONLY]) {
        /* A text model names no pooling; the last token has seen the whole input. */
        embed_pooling = LLAMA_POOLING_TYPE_LAST;
        embed_ctx = open_embedding();
        if (embed_ctx == NULL || use_adapters(embed_ctx) != 0) {
            embed_ctx = NULL;
            return -1;
        }
    }
    embed_capacity = embed_batch_size();
    size_t n = (size_t)embed_capacity;
    embed_batch.token = calloc(n, sizeof *embed_batch.token);
    embed_batch.pos = calloc(n, sizeof *embed_batch.pos);
    embed_batch.n_seq_id = calloc(n, sizeof *embed_batch.n_seq_id);
    embed_batch.seq_id = calloc(n, sizeof *embed_batch.seq_id);
    embed_batch.logits = calloc(n, sizeof *embed_batch.logits);
    embed_slots = calloc(n, sizeof *embed_slots);
    if (!embed_batch.token || !embed_batch.pos || !embed_batch.n_seq_id || !embed_batch.seq_id || !embed_batch.logits || !embed_slots) {
        keep_error("out of memory");
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        embed_batch.n_seq_id[i] = 1;
        embed_batch.seq_id[i] = &embed_slots[i];
        embed_batch.logits[i] = 1;
    }
    return embed_capacity;
}

void *shim_embed_tokens(void) { return embed_batch.token; }
void *shim_embed_positions(void) { return embed_batch.pos; }
void *shim_embed_slots(void) { return embed_slots; }

/* Floats of one sequence's result. Of a sequence that a ranking head has pooled llama.cpp keeps only the head's outputs. */
int32_t shim_embed_width(void) {
    if (llama_pooling_type(embed_ctx) == LLAMA_POOLING_TYPE_RANK) return (int32_t)llama_model_n_cls_out(model);
    return llama_model_n_embd_out(model);
}

/* Evaluates `tokens` entries holding sequences 0 … sequences-1 and writes their vectors to `out`, row by row. */
int32_t shim_embed(int32_t tokens, int32_t sequences, float *out) {
    llama_memory_t memory = llama_get_memory(embed_ctx);
    size_t width = (size_t)shim_embed_width();
    embed_batch.n_tokens = tokens;
    if (memory != NULL) llama_memory_clear(memory, 1);
    int32_t code = memory == NULL ? llama_encode(embed_ctx, embed_batch) : llama_decode(embed_ctx, embed_batch);
    if (code != 0) return code;
    for (int32_t i = 0; i < sequences; i++) {
        const float *vector = llama_get_embeddings_seq(embed_ctx, i);
        if (vector == NULL) return -1;
        memcpy(out + (size_t)i * width, vector, width * sizeof *out);
    }
    return 0;
}

/*
 * An input with pictures in it is evaluated part by part in sequence 0: a batch holds either tokens or rows of a picture. Its pooled vector
 * is computed from those of its parts (native/runner/pooling.ts).
 */

#define POOLING_KEY_CAPACITY 96

/* Does a cell attend to those before it only? Else a part would have to see the ones behind it. */
static bool is_causal(void) {
    char name[64], key[POOLING_KEY_CAPACITY], value[8];
    size_t length;
    if (llama_get_memory(embed_ctx) == NULL) return 0;
    if (llama_model_meta_val_str(model, "general.architecture", name, sizeof name) < 0) return 0;
    length = strlen(name);
    memcpy(key, name, length);
    memcpy(key + length, ".attention.causal", sizeof ".attention.causal");
    return llama_model_meta_val_str(model, key, value, sizeof value) < 0 || value[0] == 't';
}

/* `enum llama_pooling_type` of inputs that can be evaluated in parts; -1: of this model none can. */
int32_t shim_embed_parts(void) { return is_causal() ? llama_pooling_type(embed_ctx) : -1; }
void *shim_embed_context(void) { return embed_ctx; }

/* Forgets the parts before. */
void shim_embed_begin(void) { llama_memory_clear(llama_get_memory(embed_ctx), 1); }

/* Evaluates the first `count` entries of the batch as the next part. llama_decode's code. */
int32_t shim_embed_part(int32_t count) {
    embed_batch.n_tokens = count;
    return llama_decode(embed_ctx, embed_batch);
}

/* The pooled vector of the last part, tokens or rows. 0, or -1: there is none. */
int32_t shim_embed_pooled(float *out) {
    const float *vector = llama_get_embeddings_seq(embed_ctx, 0);
    if (vector == NULL) return -1;
    memcpy(out, vector, (size_t)shim_embed_width() * sizeof *out);
    return 0;
}
