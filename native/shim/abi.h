/*
 * The parts of llama.h and ggml-backend.h that llamero uses, llama.cpp v0.5.0.
 *
 * node-llama-cpp ships the libraries without their headers, and bun:ffi's compiler has no system headers, so both are declared here.
 * test/unit/native/shim/abi.test.ts compares this file with the real headers, which lie in node-llama-cpp's source bundle.
 */
typedef signed char int8_t;
typedef unsigned char uint8_t;
typedef int int32_t;
typedef unsigned int uint32_t;
typedef long long int64_t;
typedef unsigned long long uint64_t;
typedef unsigned long size_t;
typedef _Bool bool;
#define NULL ((void *)0)

/* libc */
long write(int fd, const void *bytes, size_t count);
int open(const char *path, int flags, ...);
int close(int fd);
long pread(int fd, void *to, size_t count, long offset);
typedef struct FILE FILE;
struct cookie_functions {
    long (*read)(void *cookie, char *to, size_t size);
    long (*write)(void *cookie, const char *from, size_t size);
    int (*seek)(void *cookie, long *offset, int whence);
    int (*close)(void *cookie);
};
FILE *fopencookie(void *cookie, const char *mode, struct cookie_functions functions);
int setvbuf(FILE *stream, char *buffer, int mode, size_t size);
int fclose(FILE *stream);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void free(void *block);
void *memset(void *block, int value, size_t count);
void *memcpy(void *to, const void *from, size_t count);
size_t strlen(const char *text);
char *strstr(const char *text, const char *part);

/* ggml */
typedef struct ggml_backend_device *ggml_backend_dev_t;
typedef void (*ggml_log_callback)(int level, const char *text, void *user_data);
typedef bool (*ggml_abort_callback)(void *data);
int64_t ggml_time_us(void);
void ggml_backend_load_all_from_path(const char *directory);
size_t ggml_backend_dev_count(void);
ggml_backend_dev_t ggml_backend_dev_get(size_t index);
int ggml_backend_dev_type(ggml_backend_dev_t device);
const char *ggml_backend_dev_name(ggml_backend_dev_t device);
const char *ggml_backend_dev_description(ggml_backend_dev_t device);
void ggml_backend_dev_memory(ggml_backend_dev_t device, size_t *free, size_t *total);

struct ggml_context;
struct ggml_tensor;
struct gguf_context;
struct gguf_init_params {
    bool no_alloc;
    struct ggml_context **ctx;
};
size_t ggml_nbytes(const struct ggml_tensor *tensor);
const char *ggml_get_name(const struct ggml_tensor *tensor);
void ggml_backend_tensor_set(struct ggml_tensor *tensor, const void *data, size_t offset, size_t size);
struct gguf_context *gguf_init_from_buffer(const void *data, size_t size, struct gguf_init_params params);
void gguf_free(struct gguf_context *ctx);
int64_t gguf_find_tensor(const struct gguf_context *ctx, const char *key);

/* A product computed by hand (compute.c). */
typedef struct ggml_backend *ggml_backend_t;
typedef struct ggml_backend_buffer *ggml_backend_buffer_t;
struct ggml_cgraph;
struct ggml_init_params {
    size_t mem_size;
    void *mem_buffer;
    bool no_alloc;
};
struct ggml_context *ggml_init(struct ggml_init_params params);
void ggml_free(struct ggml_context *ctx);
size_t ggml_tensor_overhead(void);
size_t ggml_graph_overhead(void);
struct ggml_tensor *ggml_new_tensor_2d(struct ggml_context *ctx, int type, int64_t ne0, int64_t ne1);
struct ggml_tensor *ggml_mul_mat(struct ggml_context *ctx, struct ggml_tensor *a, struct ggml_tensor *b);
struct ggml_cgraph *ggml_new_graph(struct ggml_context *ctx);
void ggml_build_forward_expand(struct ggml_cgraph *cgraph, struct ggml_tensor *tensor);
size_t ggml_quantize_chunk(int type, const float *src, void *dst, int64_t start, int64_t nrows, int64_t n_per_row, const float *imatrix);
ggml_backend_t ggml_backend_dev_init(ggml_backend_dev_t device, const char *params);
void ggml_backend_free(ggml_backend_t backend);
struct ggml_backend_buffer *ggml_backend_alloc_ctx_tensors(struct ggml_context *ctx, ggml_backend_t backend);
void ggml_backend_buffer_free(ggml_backend_buffer_t buffer);
int ggml_backend_graph_compute(ggml_backend_t backend, struct ggml_cgraph *cgraph);
void ggml_backend_tensor_get(const struct ggml_tensor *tensor, void *data, size_t offset, size_t size);
#define GGML_TYPE_F32 0

#define GGML_LOG_LEVEL_INFO 2
#define GGML_LOG_LEVEL_WARN 3
#define GGML_LOG_LEVEL_ERROR 4
#define GGML_LOG_LEVEL_CONT 5
#define GGML_BACKEND_DEVICE_TYPE_GPU 1
#define GGML_BACKEND_DEVICE_TYPE_IGPU 2

/* llama.cpp */
typedef int32_t llama_token;
typedef int32_t llama_pos;
typedef int32_t llama_seq_id;
typedef struct llama_memory_i *llama_memory_t;
struct llama_model;
struct llama_vocab;
struct llama_context;
struct llama_sampler;
struct llama_adapter_lora;

#define LLAMA_POOLING_TYPE_UNSPECIFIED -1
#define LLAMA_POOLING_TYPE_NONE 0
#define LLAMA_POOLING_TYPE_LAST 3
#define LLAMA_POOLING_TYPE_RANK 4
#define LLAMA_SPLIT_MODE_NONE 0
#define LLAMA_LOAD_MODE_NONE 0
#define LLAMA_LOAD_MODE_MMAP 1

struct llama_model_params {
    ggml_backend_dev_t *devices;
    const void *tensor_buft_overrides;
    int32_t n_gpu_layers;
    int32_t split_mode;
    int32_t load_mode;
    int32_t lazy_mode;
    int32_t main_gpu;
    const float *tensor_split;
    bool (*progress_callback)(float progress, void *user_data);
    void *progress_callback_user_data;
    const void *kv_overrides;
    bool vocab_only;
    bool check_tensors;
    bool use_extra_bufts;
    bool no_host;
    bool no_alloc;
    bool load_mtp;
};

struct llama_context_params {
    uint32_t n_ctx;
    uint32_t n_batch;
    uint32_t n_ubatch;
    uint32_t n_seq_max;
    uint32_t n_rs_seq;
    uint32_t n_outputs_max;
    uint32_t n_outputs_max_per_seq;
    int32_t n_threads;
    int32_t n_threads_batch;
    int32_t ctx_type;
    int32_t rope_scaling_type;
    int32_t pooling_type;
    int32_t attention_type;
    int32_t flash_attn_type;
    float rope_freq_base;
    float rope_freq_scale;
    float yarn_ext_factor;
    float yarn_attn_factor;
    float yarn_beta_fast;
    float yarn_beta_slow;
    uint32_t yarn_orig_ctx;
    float defrag_thold;
    void *cb_eval;
    void *cb_eval_user_data;
    int32_t type_k;
    int32_t type_v;
    ggml_abort_callback abort_callback;
    void *abort_callback_data;
    bool embeddings;
    bool offload_kqv;
    bool no_perf;
    bool op_offload;
    bool swa_full;
    bool kv_unified;
    void *samplers;
    size_t n_samplers;
    struct llama_context *ctx_other;
};

struct llama_model_quantize_params {
    int32_t nthread;
    int32_t ftype;
    int32_t output_tensor_type;
    int32_t token_embedding_type;
    bool allow_requantize;
    bool quantize_output_tensor;
    bool only_copy;
    bool pure;
    bool keep_split;
    bool dry_run;
    const void *imatrix;
    const void *kv_overrides;
    const void *tt_overrides;
    const int32_t *prune_layers;
    size_t max_buf_size;
};

struct llama_batch {
    int32_t n_tokens;
    llama_token *token;
    float *embd;
    llama_pos *pos;
    int32_t *n_seq_id;
    llama_seq_id **seq_id;
    int8_t *logits;
};

struct llama_logit_bias {
    llama_token token;
    float bias;
};

struct llama_sampler_chain_params {
    bool no_perf;
};

struct llama_token_data {
    llama_token id;
    float logit;
    float p;
};

struct llama_token_data_array {
    struct llama_token_data *data;
    size_t size;
    int64_t selected;
    bool sorted;
};

void llama_backend_init(void);
void llama_log_set(ggml_log_callback callback, void *user_data);
bool llama_supports_gpu_offload(void);
const char *llama_print_system_info(void);

struct llama_model_params llama_model_default_params(void);
struct llama_model *llama_model_load_from_file(const char *path, struct llama_model_params params);
struct llama_model *llama_model_load_from_file_ptr(FILE *file, struct llama_model_params params);
struct llama_model *llama_model_init_from_user(struct gguf_context *metadata,
                                               void (*set_tensor_data)(struct ggml_tensor *tensor, void *userdata),
                                               void *set_tensor_data_ud, struct llama_model_params params);
void llama_model_free(struct llama_model *model);
const struct llama_vocab *llama_model_get_vocab(const struct llama_model *model);
int32_t llama_model_n_ctx_train(const struct llama_model *model);
int32_t llama_model_n_embd_out(const struct llama_model *model);
uint64_t llama_model_size(const struct llama_model *model);
uint32_t llama_model_n_cls_out(const struct llama_model *model);
int32_t llama_model_meta_val_str(const struct llama_model *model, const char *key, char *buf, size_t buf_size);
const char *llama_model_chat_template(const struct llama_model *model, const char *name);
bool llama_model_has_encoder(const struct llama_model *model);
bool llama_model_has_decoder(const struct llama_model *model);
bool llama_model_is_recurrent(const struct llama_model *model);
bool llama_model_is_hybrid(const struct llama_model *model);
int32_t llama_model_n_swa(const struct llama_model *model);

struct llama_model_quantize_params llama_model_quantize_default_params(void);
uint32_t llama_model_quantize(const char *fname_inp, const char *fname_out, const struct llama_model_quantize_params *params);

struct llama_context_params llama_context_default_params(void);
struct llama_context *llama_init_from_model(struct llama_model *model, struct llama_context_params params);
void llama_free(struct llama_context *ctx);
uint32_t llama_n_ctx_seq(const struct llama_context *ctx);
int32_t llama_pooling_type(const struct llama_context *ctx);
llama_memory_t llama_get_memory(const struct llama_context *ctx);
void llama_set_n_threads(struct llama_context *ctx, int32_t n_threads, int32_t n_threads_batch);

struct llama_adapter_lora *llama_adapter_lora_init(struct llama_model *model, const char *path);
int32_t llama_set_adapters_lora(struct llama_context *ctx, struct llama_adapter_lora **adapters, size_t n_adapters, float *scales);

struct llama_batch llama_batch_get_one(llama_token *tokens, int32_t n_tokens);
int32_t llama_encode(struct llama_context *ctx, struct llama_batch batch);
int32_t llama_decode(struct llama_context *ctx, struct llama_batch batch);
float *llama_get_logits_ith(struct llama_context *ctx, int32_t index);
float *llama_get_embeddings_seq(struct llama_context *ctx, llama_seq_id seq_id);

void llama_memory_clear(llama_memory_t memory, bool data);
bool llama_memory_seq_rm(llama_memory_t memory, llama_seq_id seq_id, llama_pos p0, llama_pos p1);
void llama_memory_seq_cp(llama_memory_t memory, llama_seq_id from, llama_seq_id to, llama_pos p0, llama_pos p1);
void llama_memory_seq_add(llama_memory_t memory, llama_seq_id seq_id, llama_pos p0, llama_pos p1, llama_pos delta);
llama_pos llama_memory_seq_pos_min(llama_memory_t memory, llama_seq_id seq_id);
bool llama_memory_can_shift(llama_memory_t memory);

#define LLAMA_STATE_SEQ_FLAGS_NONE 0
#define LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY 1
typedef uint32_t llama_state_seq_flags;
size_t llama_state_seq_get_size_ext(struct llama_context *ctx, llama_seq_id seq_id, llama_state_seq_flags flags);
size_t llama_state_seq_get_data_ext(struct llama_context *ctx, uint8_t *dst, size_t size, llama_seq_id seq_id,
                                    llama_state_seq_flags flags);
size_t llama_state_seq_set_data_ext(struct llama_context *ctx, const uint8_t *src, size_t size, llama_seq_id dest_seq_id,
                                    llama_state_seq_flags flags);

int32_t llama_vocab_n_tokens(const struct llama_vocab *vocab);
bool llama_vocab_is_eog(const struct llama_vocab *vocab, llama_token token);
llama_token llama_vocab_bos(const struct llama_vocab *vocab);
llama_token llama_vocab_eos(const struct llama_vocab *vocab);
llama_token llama_vocab_sep(const struct llama_vocab *vocab);
llama_token llama_vocab_fim_pre(const struct llama_vocab *vocab);
llama_token llama_vocab_fim_suf(const struct llama_vocab *vocab);
llama_token llama_vocab_fim_mid(const struct llama_vocab *vocab);
bool llama_vocab_get_add_bos(const struct llama_vocab *vocab);
bool llama_vocab_get_add_eos(const struct llama_vocab *vocab);
bool llama_vocab_get_add_sep(const struct llama_vocab *vocab);
int32_t llama_tokenize(const struct llama_vocab *vocab, const char *text, int32_t text_len, llama_token *tokens,
                       int32_t n_tokens_max, bool add_special, bool parse_special);
int32_t llama_token_to_piece(const struct llama_vocab *vocab, llama_token token, char *buf, int32_t length, int32_t lstrip,
                             bool special);

struct llama_sampler_chain_params llama_sampler_chain_default_params(void);
struct llama_sampler *llama_sampler_chain_init(struct llama_sampler_chain_params params);
void llama_sampler_chain_add(struct llama_sampler *chain, struct llama_sampler *sampler);
void llama_sampler_accept(struct llama_sampler *sampler, llama_token token);
void llama_sampler_apply(struct llama_sampler *sampler, struct llama_token_data_array *candidates);
void llama_sampler_free(struct llama_sampler *sampler);
llama_token llama_sampler_sample(struct llama_sampler *sampler, struct llama_context *ctx, int32_t index);
struct llama_sampler *llama_sampler_init_greedy(void);
struct llama_sampler *llama_sampler_init_logit_bias(int32_t n_vocab, int32_t n_logit_bias, const struct llama_logit_bias *logit_bias);
struct llama_sampler *llama_sampler_init_dist(uint32_t seed);
struct llama_sampler *llama_sampler_init_top_k(int32_t k);
struct llama_sampler *llama_sampler_init_top_p(float p, size_t min_keep);
struct llama_sampler *llama_sampler_init_min_p(float p, size_t min_keep);
struct llama_sampler *llama_sampler_init_typical(float p, size_t min_keep);
struct llama_sampler *llama_sampler_init_temp(float t);
struct llama_sampler *llama_sampler_init_penalties(int32_t n_vocab, int32_t penalty_last_n, float penalty_repeat, float penalty_freq,
                                                   float penalty_present);
struct llama_sampler *llama_sampler_init_grammar(const struct llama_vocab *vocab, const char *grammar, const char *root);
