/* Fields of the block that JavaScript passes to shim_sampler_open, in this order (native/runner/sampler.ts writes it). */
enum sampling_field {
    SAMPLE_TEMPERATURE,
    SAMPLE_TOP_K,
    SAMPLE_TOP_P,
    SAMPLE_MIN_P,
    SAMPLE_TYPICAL_P,
    SAMPLE_PENALTY_LAST_N,
    SAMPLE_PENALTY_REPEAT,
    SAMPLE_PENALTY_FREQUENCY,
    SAMPLE_PENALTY_PRESENCE
};

/* A logit at or below this has been ruled out by a sampler (llama.cpp uses minus infinity). */
#define RULED_OUT -1.0e30f

#define SAMPLE_DEAD_END -2
#define SAMPLE_TOO_SLOW -3

/*
 * A grammar that may be read in several ways at once has as many stacks in llama.cpp, and where they double with every token, the next
 * one takes longer than all before it together. One token is checked in microseconds; where that takes so many of them, the whole
 * vocabulary would take minutes. A whole vocabulary takes some milliseconds.
 */
#define MOST_CHECK_US 20000
#define MOST_CONSTRAINED_US 500000
/* Other work of the machine may have slowed a check down, so a slow one gets more tries. */
#define CHECK_TRIES 4

struct slot_sampler {
    struct llama_sampler *chain;
    struct llama_sampler *grammar;
};

static struct slot_sampler *samplers;
static struct llama_token_data *candidates;

void shim_sampler_close(int32_t slot) {
    if (samplers[slot].chain) llama_sampler_free(samplers[slot].chain);
    if (samplers[slot].grammar) llama_sampler_free(samplers[slot].grammar);
    samplers[slot].chain = NULL;
    samplers[slot].grammar = NULL;
}

/* The order of llama-server's default chain. Samplers that would do nothing are left out: each costs a pass over the vocabulary. */
static void add_samplers(struct llama_sampler *chain, const float *p, uint32_t seed) {
    bool penalties = p[SAMPLE_PENALTY_REPEAT] != 1.0f || p[SAMPLE_PENALTY_FREQUENCY] != 0.0f || p[SAMPLE_PENALTY_PRESENCE] != 0.0f;
    if (penalties && p[SAMPLE_PENALTY_LAST_N] != 0.0f) {
        llama_sampler_chain_add(chain, llama_sampler_init_penalties(llama_vocab_n_tokens(vocab), (int32_t)p[SAMPLE_PENALTY_LAST_N],
                                                                    p[SAMPLE_PENALTY_REPEAT], p[SAMPLE_PENALTY_FREQUENCY],
                                                                    p[SAMPLE_PENALTY_PRESENCE]));
    }
    if (p[SAMPLE_TEMPERATURE] <= 0.0f) {
        llama_sampler_chain_add(chain, llama_sampler_init_greedy());
        return;
    }
    if (p[SAMPLE_TOP_K] > 0.0f) llama_sampler_chain_add(chain, llama_sampler_init_top_k((int32_t)p[SAMPLE_TOP_K]));
    if (p[SAMPLE_TYPICAL_P] < 1.0f) llama_sampler_chain_add(chain, llama_sampler_init_typical(p[SAMPLE_TYPICAL_P], 1));
    if (p[SAMPLE_TOP_P] < 1.0f) llama_sampler_chain_add(chain, llama_sampler_init_top_p(p[SAMPLE_TOP_P], 1));
    if (p[SAMPLE_MIN_P] > 0.0f) llama_sampler_chain_add(chain, llama_sampler_init_min_p(p[SAMPLE_MIN_P], 1));
    llama_sampler_chain_add(chain, llama_sampler_init_temp(p[SAMPLE_TEMPERATURE]));
    llama_sampler_chain_add(chain, llama_sampler_init_dist(seed));
}

/* `grammar` may be null, and `biases` when there are none. 0, or -1 when it does not parse (llama.cpp's last error says where). */
int32_t shim_sampler_open(int32_t slot, const float *params, uint32_t seed, const char *grammar,
                          const struct llama_logit_bias *biases, int32_t bias_count) {
    struct slot_sampler *sampler = &samplers[slot];
    shim_sampler_close(slot);
    if (grammar) {
        sampler->grammar = llama_sampler_init_grammar(vocab, grammar, "root");
        if (sampler->grammar == NULL) return -1;
    }
    sampler->chain = llama_sampler_chain_init(llama_sampler_chain_default_params());
    if (bias_count > 0) {
        llama_sampler_chain_add(sampler->chain, llama_sampler_init_logit_bias(llama_vocab_n_tokens(vocab), bias_count, biases));
    }
    add_samplers(sampler->chain, params, seed);
    return 0;
}

/* Prompt tokens count for the penalties, as in llama-server; the grammar starts with the answer. */
void shim_sampler_accept(int32_t slot, const int32_t *tokens, int32_t count) {
    for (int32_t i = 0; i < count; i++) llama_sampler_accept(samplers[slot].chain, tokens[i]);
}

static struct llama_token_data_array all_candidates(const float *logits) {
    int32_t count = llama_vocab_n_tokens(vocab);
    struct llama_token_data_array all = {candidates, (size_t)count, -1, 0};
    for (int32_t i = 0; i < count; i++) {
        candidates[i].id = i;
        candidates[i].logit = logits[i];
        candidates[i].p = 0.0f;
    }
    return all;
}

static bool grammar_allows(struct llama_sampler *grammar, llama_token token) {
    struct llama_token_data one = {token, 1.0f, 0.0f};
    struct llama_token_data_array single = {&one, 1, -1, 0};
    llama_sampler_apply(grammar, &single);
    return one.logit > RULED_OUT;
}

static bool too_many_readings(struct llama_sampler *grammar, llama_token token) {
    for (int32_t i = 0; i < CHECK_TRIES; i++) {
        int64_t start = ggml_time_us();
        grammar_allows(grammar, token);
        if (ggml_time_us() - start <= MOST_CHECK_US) return 0;
    }
    return 1;
}

/* Checking the grammar against one token is cheap and against the vocabulary is not, so the free choice is tried first. */
static llama_token sample_constrained(struct slot_sampler *sampler, const float *logits) {
    struct llama_token_data_array all = all_candidates(logits);
    llama_sampler_apply(sampler->chain, &all);
    llama_token token = all.data[all.selected].id;
    if (too_many_readings(sampler->grammar, token)) return SAMPLE_TOO_SLOW;
    if (!grammar_allows(sampler->grammar, token)) {
        all = all_candidates(logits);
        llama_sampler_apply(sampler->grammar, &all);
        llama_sampler_apply(sampler->chain, &all);
        if (all.selected < 0 || !(all.data[all.selected].logit > RULED_OUT)) return SAMPLE_DEAD_END;
        token = all.data[all.selected].id;
        if (!grammar_allows(sampler->grammar, token)) return SAMPLE_DEAD_END;
    }
    llama_sampler_accept(sampler->grammar, token);
    llama_sampler_accept(sampler->chain, token);
    return token;
}

static llama_token sample(int32_t slot, int32_t row) {
    struct slot_sampler *sampler = &samplers[slot];
    if (sampler->grammar == NULL) return llama_sampler_sample(sampler->chain, ctx, row);
    const float *logits = llama_get_logits_ith(ctx, row);
    int64_t start = ggml_time_us();
    llama_token token = sample_constrained(sampler, logits);
    return ggml_time_us() - start > MOST_CONSTRAINED_US ? SAMPLE_TOO_SLOW : token;
}
