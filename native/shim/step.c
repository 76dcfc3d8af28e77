/*
 * One step: decode a batch that mixes prompt chunks and single tokens of many slots, then sample for every slot that asked.
 * The arrays below are shared with JavaScript, which fills the first group and reads the second.
 */
#define PIECE_CAPACITY 1024

static struct llama_batch batch;
static llama_seq_id *batch_slots;
static int32_t *sample_rows;
static int32_t *sample_slots;
static int32_t *sampled_tokens;
static int32_t *sampled_lengths;
static uint8_t *sampled_ends;
static char *sampled_pieces;

static int32_t step_init(int32_t capacity, int32_t slots) {
    batch.token = calloc((size_t)capacity, sizeof *batch.token);
    batch.pos = calloc((size_t)capacity, sizeof *batch.pos);
    batch.n_seq_id = calloc((size_t)capacity, sizeof *batch.n_seq_id);
    batch.seq_id = calloc((size_t)capacity, sizeof *batch.seq_id);
    batch.logits = calloc((size_t)capacity, sizeof *batch.logits);
    batch_slots = calloc((size_t)capacity, sizeof *batch_slots);
    sample_rows = calloc((size_t)slots, sizeof *sample_rows);
    sample_slots = calloc((size_t)slots, sizeof *sample_slots);
    sampled_tokens = calloc((size_t)slots, sizeof *sampled_tokens);
    sampled_lengths = calloc((size_t)slots, sizeof *sampled_lengths);
    sampled_ends = calloc((size_t)slots, sizeof *sampled_ends);
    sampled_pieces = calloc((size_t)slots, PIECE_CAPACITY);
    samplers = calloc((size_t)slots, sizeof *samplers);
    candidates = calloc((size_t)llama_vocab_n_tokens(vocab), sizeof *candidates);
    if (!batch.token || !batch.pos || !batch.n_seq_id || !batch.seq_id || !batch.logits || !batch_slots || !sample_rows ||
        !sample_slots || !sampled_tokens || !sampled_lengths || !sampled_ends || !sampled_pieces || !samplers || !candidates) {
        keep_error("out of memory");
        return -1;
    }
    for (int32_t i = 0; i < capacity; i++) {
        batch.n_seq_id[i] = 1;
        batch.seq_id[i] = &batch_slots[i];
    }
    return 0;
}

void *shim_batch_tokens(void) { return batch.token; }
void *shim_batch_positions(void) { return batch.pos; }
void *shim_batch_slots(void) { return batch_slots; }
void *shim_batch_outputs(void) { return batch.logits; }
void *shim_sample_rows(void) { return sample_rows; }
void *shim_sample_slots(void) { return sample_slots; }
void *shim_sampled_tokens(void) { return sampled_tokens; }
void *shim_sampled_lengths(void) { return sampled_lengths; }
void *shim_sampled_ends(void) { return sampled_ends; }
void *shim_sampled_pieces(void) { return sampled_pieces; }

/* Decodes the first `tokens` entries. llama_decode's code: 0 done, 1 no room in the KV cache, 2 aborted, negative a failure. */
int32_t shim_decode(int32_t tokens) {
    batch.n_tokens = tokens;
    return llama_decode(ctx, batch);
}

/*
 * Samples `count` slots: slot sample_slots[i] from batch row sample_rows[i]. A token of SAMPLE_DEAD_END means that the grammar
 * allows nothing the vocabulary has, one of SAMPLE_TOO_SLOW that it can be read in too many ways; a negative length, that the text needs that many bytes and shim_piece must fetch it.
 */
void shim_sample(int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        llama_token token = sample(sample_slots[i], sample_rows[i]);
        sampled_tokens[i] = token;
        sampled_ends[i] = token >= 0 && llama_vocab_is_eog(vocab, token);
        sampled_lengths[i] = token < 0 || sampled_ends[i] ? 0 : shim_piece(token, sampled_pieces + i * PIECE_CAPACITY, PIECE_CAPACITY, 0);
    }
}

float *shim_logits(int32_t row) { return llama_get_logits_ith(ctx, row); }

/* Forgets positions from `from` on (-1: to the end). False: this model's cache cannot forget a part; clear the slot instead. */
bool shim_forget(int32_t slot, int32_t from, int32_t to) { return llama_memory_seq_rm(llama_get_memory(ctx), slot, from, to); }
/* Between slots with cells of their own llama.cpp copies whole sequences only; the tail is forgotten afterwards. A branch shares cells. */
void shim_copy(int32_t from, int32_t to) {
    llama_memory_seq_rm(llama_get_memory(ctx), to, -1, -1);
    llama_memory_seq_cp(llama_get_memory(ctx), from, to, -1, -1);
}
/* Moves positions from `from` on by `delta`, for a context shift. */
void shim_move(int32_t slot, int32_t from, int32_t to, int32_t delta) {
    llama_memory_seq_add(llama_get_memory(ctx), slot, from, to, delta);
}
bool shim_can_shift(void) {
    llama_memory_t memory = llama_get_memory(ctx);
    return memory != NULL && llama_memory_can_shift(memory);
}
