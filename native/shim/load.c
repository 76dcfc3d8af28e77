/* Fields of the block that JavaScript passes to shim_load, in this order (native/runner/engine.ts writes it). */
enum load_field {
    LOAD_CONTEXT_PER_SLOT,
    LOAD_SLOTS,
    LOAD_BATCH,
    LOAD_GPU_LAYERS,
    LOAD_MAIN_GPU,
    LOAD_MMAP,
    LOAD_THREADS,
    LOAD_FLASH_ATTENTION,
    LOAD_KV_TYPE,
    LOAD_EMBEDDING_ONLY,
    LOAD_RANKS,
    LOAD_PLAIN_WEIGHTS,
    LOAD_FIELDS
};

#define MAX_ADAPTERS 16
/* Most inputs in one embedding batch. */
#define EMBED_SEQUENCES 64
/* Sequences beside the slot's own, which share its cells: eight questions, eight branches behind them, and one for gaps. */
#define BRANCHES 17

static int32_t load_params[LOAD_FIELDS];
static struct llama_adapter_lora *adapters[MAX_ADAPTERS];
static float adapter_scales[MAX_ADAPTERS];
static size_t adapter_count;
static int32_t embed_pooling;
static struct llama_model *draft_model;
static struct llama_context *draft_ctx;
/* The model that is loaded next is the draft (draft.c). */
static bool expecting_draft;

/* Progress goes to stdout as text because the thread that could send a message is inside llama_model_load_from_file. */
static bool on_progress(float progress, void *user_data) {
    static int last = -1;
    int percent = (int)(progress * 100.0f);
    char line[] = "load 0.00\n";
    (void)user_data;
    if (percent > 100) percent = 100;
    if (percent == last) return 1;
    last = percent;
    line[5] = (char)('0' + percent / 100);
    line[7] = (char)('0' + percent / 10 % 10);
    line[8] = (char)('0' + percent % 10);
    write(1, line, sizeof line - 1);
    return 1;
}

/* Loads the backends in `directory` (one per CPU generation and GPU kind; ggml picks). 0, or -1 without a usable device. */
int32_t shim_open(const char *directory) {
    llama_log_set(on_log, NULL);
    ggml_backend_load_all_from_path(directory);
    llama_backend_init();
    return ggml_backend_dev_count() == 0 ? -1 : 0;
}

/* The features that the backends were built for and find here: "CPU : AVX2 = 1 | …". */
const char *shim_system_info(void) { return llama_print_system_info(); }

static struct llama_context_params context_params(void) {
    struct llama_context_params params = llama_context_default_params();
    params.n_threads = load_params[LOAD_THREADS];
    params.n_threads_batch = load_params[LOAD_THREADS];
    params.flash_attn_type = load_params[LOAD_FLASH_ATTENTION];
    params.no_perf = 1;
    return params;
}

/*
 * How many sequences may branch off the slot's: they cost no memory where cells are keys and values, and several slots have cells of their
 * own, which cannot be shared. llama.cpp asserts that a batch has room for one output of every sequence.
 */
static int32_t branches(void) {
    int32_t room = load_params[LOAD_BATCH] - 1;
    if (load_params[LOAD_SLOTS] != 1 || llama_model_is_recurrent(model) || llama_model_is_hybrid(model)) return 0;
    return room < BRANCHES ? room : BRANCHES;
}

static struct llama_context *open_generation(void) {
    struct llama_context_params params = context_params();
    params.n_ctx = (uint32_t)(load_params[LOAD_CONTEXT_PER_SLOT] * load_params[LOAD_SLOTS]);
    params.n_seq_max = (uint32_t)(load_params[LOAD_SLOTS] + branches());
    params.n_batch = (uint32_t)load_params[LOAD_BATCH];
    params.n_ubatch = (uint32_t)load_params[LOAD_BATCH];
    params.type_k = load_params[LOAD_KV_TYPE];
    params.type_v = load_params[LOAD_KV_TYPE];
    /* Each slot attends to its own cells only; a sliding-window cache must keep all positions for prefix reuse to be sound. */
    params.kv_unified = branches() > 0;
    params.swa_full = 1;
    return llama_init_from_model(model, params);
}

/* llama.cpp asserts that a batch has room for one output of every sequence, however small the context asked for. */
static int32_t embed_batch_size(void) {
    return load_params[LOAD_CONTEXT_PER_SLOT] > EMBED_SEQUENCES ? load_params[LOAD_CONTEXT_PER_SLOT] : EMBED_SEQUENCES;
}

/* Pooled vectors need a context of their own: unified cells shared by many short sequences, cleared before every batch. */
static struct llama_context *open_embedding(void) {
    struct llama_context_params params = context_params();
    params.n_ctx = (uint32_t)embed_batch_size();
    params.n_batch = params.n_ctx;
    /* An encoder attends to both sides and must see a sequence in one piece; a causal model can take it in chunks. */
    params.n_ubatch = load_params[LOAD_EMBEDDING_ONLY] ? params.n_ctx : (uint32_t)load_params[LOAD_BATCH];
    params.n_seq_max = EMBED_SEQUENCES;
    params.embeddings = 1;
    params.kv_unified = 1;
    params.pooling_type = embed_pooling;
    return llama_init_from_model(model, params);
}

static int32_t use_adapters(struct llama_context *context) {
    if (adapter_count == 0) return 0;
    return llama_set_adapters_lora(context, adapters, adapter_count, adapter_scales);
}

static struct llama_model_params model_params(const int32_t *params) {
    struct llama_model_params options = llama_model_default_params();
    for (int i = 0; i < LOAD_FIELDS; i++) load_params[i] = params[i];
    options.n_gpu_layers = load_params[LOAD_GPU_LAYERS];
    options.load_mode = load_params[LOAD_MMAP] ? LLAMA_LOAD_MODE_MMAP : LLAMA_LOAD_MODE_NONE;
    options.progress_callback = on_progress;
    options.use_extra_bufts = !load_params[LOAD_PLAIN_WEIGHTS];
    if (load_params[LOAD_MAIN_GPU] >= 0) {
        options.main_gpu = load_params[LOAD_MAIN_GPU];
        options.split_mode = LLAMA_SPLIT_MODE_NONE;
    }
    return options;
}

static int32_t loaded(struct llama_model *result) {
    if (expecting_draft) {
        draft_model = result;
        return draft_model == NULL ? -1 : 0;
    }
    model = result;
    if (model == NULL) return -1;
    vocab = llama_model_get_vocab(model);
    return 0;
}

int32_t shim_load_model(const char *path, const int32_t *params) {
    reporting = 1;
    return loaded(llama_model_load_from_file(path, model_params(params)));
}

/* Called between loading the model and opening its context: a projector may need larger batches than configured. */
void shim_set_batch(int32_t batch) { load_params[LOAD_BATCH] = batch; }

int32_t shim_add_adapter(const char *path) {
    if (adapter_count == MAX_ADAPTERS) return -1;
    struct llama_adapter_lora *adapter = llama_adapter_lora_init(model, path);
    if (adapter == NULL) return -1;
    adapters[adapter_count] = adapter;
    adapter_scales[adapter_count] = 1.0f;
    adapter_count++;
    return 0;
}

/* 0: ready. -1: no context (llama.cpp's last error says why). -2: an adapter does not fit. -3: encoder-decoder, which has no slots. */
int32_t shim_open_context(void) {
    /* A file with a ranking head need not name the pooling that it wants. */
    embed_pooling = load_params[LOAD_RANKS] ? LLAMA_POOLING_TYPE_RANK : LLAMA_POOLING_TYPE_UNSPECIFIED;
    if (llama_model_has_encoder(model) && llama_model_has_decoder(model)) return -3;
    ctx = load_params[LOAD_EMBEDDING_ONLY] ? open_embedding() : open_generation();
    if (ctx == NULL) return -1;
    if (use_adapters(ctx) != 0) return -2;
    if (load_params[LOAD_EMBEDDING_ONLY]) return 0;
    return step_init((int32_t)load_params[LOAD_BATCH], load_params[LOAD_SLOTS]);
}

/* For the unit that sees pictures. */
void *shim_model(void) { return model; }
void *shim_context(void) { return ctx; }

void shim_loaded(void) { reporting = 0; }
/* Sequences numbered behind the slots that shim_copy makes a branch of one; 0: none. */
int32_t shim_branches(void) { return branches(); }
int32_t shim_context_per_slot(void) {
    return load_params[LOAD_EMBEDDING_ONLY] ? load_params[LOAD_CONTEXT_PER_SLOT] : (int32_t)llama_n_ctx_seq(ctx);
}
int32_t shim_embedding_length(void) { return llama_model_n_embd_out(model); }

void shim_set_threads(int32_t threads) {
    llama_set_n_threads(ctx, threads, threads);
    if (draft_ctx) llama_set_n_threads(draft_ctx, threads, threads);
}
