/*
 * A model whose file has another layout than llama.cpp's: its header comes from memory, and every tensor from stretches of the file.
 * llama.cpp asks for one tensor after the other, on the calling thread. What it counts and reports for files it does not here.
 */

/* Most bytes read at a time. */
#define PIECE_BYTES (8l << 20)

struct scattered {
    struct gguf_context *header;
    /* For each tensor of the header: the index of its first extent, and how many it has. */
    const int64_t *index;
    /* Offset and length of each extent. */
    const int64_t *extents;
    int file;
    char *piece;
    int64_t read;
    bool failed;
};

/* Bytes of the weights that were loaded so; 0 for a model that llama.cpp read itself. */
static int64_t scattered_bytes;

static void fail_tensor(struct scattered *source, const char *problem) {
    if (!source->failed) keep_error(problem);
    source->failed = 1;
}

/* One extent into the tensor from `done` on. */
static bool copy_extent(struct scattered *source, struct ggml_tensor *tensor, const int64_t *extent, int64_t done) {
    for (int64_t at = 0; at < extent[1];) {
        long wanted = extent[1] - at > PIECE_BYTES ? PIECE_BYTES : (long)(extent[1] - at);
        long got = pread(source->file, source->piece, (size_t)wanted, (long)(extent[0] + at));
        if (got <= 0) return 0;
        ggml_backend_tensor_set(tensor, source->piece, (size_t)(done + at), (size_t)got);
        at += got;
        source->read += got;
        on_progress((float)((double)source->read / (double)scattered_bytes), NULL);
    }
    return 1;
}

static void set_tensor(struct ggml_tensor *tensor, void *user_data) {
    struct scattered *source = user_data;
    int64_t id = gguf_find_tensor(source->header, ggml_get_name(tensor));
    int64_t done = 0;
    if (source->failed) return;
    /* A llama.cpp that takes the list of tensors for advice makes up those that it would like to have. */
    if (id < 0) {
        fail_tensor(source, "llama.cpp asks for a tensor that the file does not have");
        return;
    }
    const int64_t *extent = source->extents + source->index[2 * id] * 2;
    for (int64_t i = 0; i < source->index[2 * id + 1]; i++, extent += 2) {
        if (done + extent[1] > (int64_t)ggml_nbytes(tensor)) {
            fail_tensor(source, "a tensor of the file is larger than llama.cpp's");
            return;
        }
        if (!copy_extent(source, tensor, extent, done)) {
            fail_tensor(source, "the model's file cannot be read to its end");
            return;
        }
        done += extent[1];
    }
    if (done != (int64_t)ggml_nbytes(tensor)) fail_tensor(source, "a tensor of the file is smaller than llama.cpp's");
}

static struct llama_model *load_scattered(struct scattered *source, const int32_t *params) {
    struct llama_model *result = llama_model_init_from_user(source->header, set_tensor, source, model_params(params));
    if (result == NULL || !source->failed) return result;
    llama_model_free(result);
    return NULL;
}

/*
 * Loads the model of `header` (a GGUF up to its data, `header_size` bytes) whose tensors have `bytes` bytes in all, in the file at
 * `path`. 0, or -1: llama.cpp's last error, or ours, says why. Nothing that was passed is needed afterwards.
 */
int32_t shim_load_extents(const char *path, const void *header, uint64_t header_size, const int64_t *index, const int64_t *extents,
                          uint64_t bytes, const int32_t *params) {
    struct gguf_init_params options;
    struct scattered source;
    struct llama_model *result = NULL;
    options.no_alloc = 1;
    options.ctx = NULL;
    reporting = 1;
    source.header = gguf_init_from_buffer(header, header_size, options);
    source.index = index;
    source.extents = extents;
    source.file = open(path, 0);
    source.piece = malloc(PIECE_BYTES);
    source.read = 0;
    source.failed = 0;
    scattered_bytes = (int64_t)bytes;
    if (source.file < 0) keep_error("the model's file cannot be opened");
    else if (source.piece == NULL) keep_error("out of memory");
    else if (source.header != NULL) result = load_scattered(&source, params);
    free(source.piece);
    if (source.file >= 0) close(source.file);
    if (source.header != NULL) gguf_free(source.header);
    return loaded(result);
}

/* Bytes of the weights. llama.cpp does not count those that it was handed piece by piece. */
uint64_t shim_model_size(void) { return scattered_bytes > 0 ? (uint64_t)scattered_bytes : llama_model_size(model); }
