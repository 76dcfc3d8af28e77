/* A second, smaller model of the same vocabulary, which guesses the tokens of the first. It has a context of its own with one sequence. */

/* A guess is judged by its probability among so many of the likeliest tokens. */
#define DRAFT_CANDIDATES 8

static struct llama_sampler *draft_sampler;
static struct llama_token_data *draft_candidates;

/* Called when the model whose tokens are to be guessed is loaded. */
void shim_expect_draft(void) { expecting_draft = 1; }

/* 0: ready. -1: no context (llama.cpp's last error says why). -2: its memory cannot be cut. */
int32_t shim_draft_open(int32_t context, int32_t capacity) {
    struct llama_context_params params = context_params();
    if (llama_model_is_recurrent(draft_model) || llama_model_is_hybrid(draft_model)) return -2;
    params.n_ctx = (uint32_t)context;
    params.n_batch = (uint32_t)capacity;
    params.n_ubatch = (uint32_t)capacity;
    params.n_seq_max = 1;
    params.type_k = load_params[LOAD_KV_TYPE];
    params.type_v = load_params[LOAD_KV_TYPE];
    params.swa_full = 1;
    draft_ctx = llama_init_from_model(draft_model, params);
    draft_candidates = calloc((size_t)llama_vocab_n_tokens(llama_model_get_vocab(draft_model)), sizeof *draft_candidates);
    if (draft_ctx == NULL || draft_candidates == NULL) return -1;
    draft_sampler = llama_sampler_chain_init(llama_sampler_chain_default_params());
    llama_sampler_chain_add(draft_sampler, llama_sampler_init_top_k(DRAFT_CANDIDATES));
    /* It chooses at random, which is not used; it is here for the probabilities. */
    llama_sampler_chain_add(draft_sampler, llama_sampler_init_dist(0));
    return 0;
}

int32_t shim_draft_vocab_size(void) { return llama_vocab_n_tokens(llama_model_get_vocab(draft_model)); }

/* Forgets the cells from `from` on. */
bool shim_draft_cut(int32_t from) { return llama_memory_seq_rm(llama_get_memory(draft_ctx), 0, from, -1); }

/* Evaluates tokens behind those that it holds. llama_decode's code. */
int32_t shim_draft_feed(int32_t *tokens, int32_t count) { return llama_decode(draft_ctx, llama_batch_get_one(tokens, count)); }

/* The likeliest next token; -1 when it is less probable than `least`. */
static llama_token draft_next(float least) {
    const float *logits = llama_get_logits_ith(draft_ctx, -1);
    int32_t count = shim_draft_vocab_size();
    struct llama_token_data_array all = {draft_candidates, (size_t)count, -1, 0};
    for (int32_t i = 0; i < count; i++) {
        draft_candidates[i].id = i;
        draft_candidates[i].logit = logits[i];
        draft_candidates[i].p = 0.0f;
    }
    llama_sampler_apply(draft_sampler, &all);
    struct llama_token_data best = all.data[0];
    for (size_t i = 1; i < all.size; i++) {
        if (all.data[i].p > best.p) best = all.data[i];
    }
    return best.p < least ? -1 : best.id;
}

/*
 * Evaluates tokens as shim_draft_feed does, then writes the likeliest next ones to `out`: at most `most` tokens, none behind one that is
 * less probable than `least`. Returns how many, or -1 when llama.cpp failed. Afterwards the draft holds the tokens that it wrote, but for
 * the last of `most`.
 */
int32_t shim_draft_guess(int32_t *tokens, int32_t count, int32_t most, float least, int32_t *out) {
    int32_t guessed = 0;
    if (shim_draft_feed(tokens, count) != 0) return -1;
    while (guessed < most) {
        llama_token token = draft_next(least);
        /* The vocabularies may end differently, with tokens that mean nothing. */
        if (token < 0 || token >= llama_vocab_n_tokens(vocab) || llama_vocab_is_eog(vocab, token)) break;
        out[guessed++] = token;
        if (guessed < most && shim_draft_feed(&out[guessed - 1], 1) != 0) return -1;
    }
    return guessed;
}
