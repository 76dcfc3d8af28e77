/* The portable way: llama.cpp asks for one tensor after the other, on the calling thread. Its reports on files are missing then. */

struct handover {
    const struct scattered *source;
    struct gguf_context *header;
    char *piece;
    int64_t read;
    int64_t bytes;
    bool failed;
};

static void fail_handover(struct handover *work, const char *problem) {
    if (!work->failed) keep_error(problem);
    work->failed = 1;
}

/* One segment into the tensor from `done` on. */
static bool copy_segment(struct handover *work, struct ggml_tensor *tensor, const int64_t *segment, int64_t done) {
    int64_t length = segment[SEGMENT_LENGTH];
    for (int64_t at = 0; at < length;) {
        int64_t wanted = length - at > PIECE_BYTES ? PIECE_BYTES : length - at;
        long got = pread(work->source->file, work->piece, (size_t)wanted, (long)(segment[SEGMENT_FROM] + at));
        if (got <= 0) return 0;
        ggml_backend_tensor_set(tensor, work->piece, (size_t)(done + at), (size_t)got);
        at += got;
        work->read += got;
        on_progress((float)((double)work->read / (double)work->bytes), NULL);
    }
    return 1;
}

static void set_tensor(struct ggml_tensor *tensor, void *user_data) {
    struct handover *work = user_data;
    int64_t id = gguf_find_tensor(work->header, ggml_get_name(tensor));
    int64_t size = (int64_t)ggml_nbytes(tensor);
    int64_t done = 0;
    if (work->failed) return;
    /* A llama.cpp that takes the list of tensors for advice makes up those that it would like to have. */
    if (id < 0) {
        fail_handover(work, "llama.cpp asks for a tensor that the file does not have");
        return;
    }
    const int64_t *segment = work->source->segments + work->source->index[2 * id] * SEGMENT_FIELDS;
    for (int64_t i = 0; i < work->source->index[2 * id + 1]; i++, segment += SEGMENT_FIELDS) {
        if (done + segment[SEGMENT_LENGTH] > size) {
            fail_handover(work, "a tensor of the file is larger than llama.cpp's");
            return;
        }
        if (!copy_segment(work, tensor, segment, done)) {
            fail_handover(work, "the model's file cannot be read to its end");
            return;
        }
        done += segment[SEGMENT_LENGTH];
    }
    if (done != size) fail_handover(work, "a tensor of the file is smaller than llama.cpp's");
}

/* NULL with an error kept. */
static struct llama_model *load_tensor_by_tensor(const struct scattered *source, int64_t bytes, struct llama_model_params options) {
    struct gguf_init_params init;
    struct handover work;
    struct llama_model *result = NULL;
    init.no_alloc = 1;
    init.ctx = NULL;
    work.source = source;
    work.header = gguf_init_from_buffer(source->header, (size_t)source->header_size, init);
    work.piece = malloc(PIECE_BYTES);
    work.read = 0;
    work.bytes = bytes;
    work.failed = 0;
    scattered_bytes = bytes;
    if (work.piece == NULL) keep_error("out of memory");
    else if (work.header != NULL) result = llama_model_init_from_user(work.header, set_tensor, &work, options);
    if (result != NULL && work.failed) {
        llama_model_free(result);
        result = NULL;
    }
    free(work.piece);
    if (work.header != NULL) gguf_free(work.header);
    return result;
}
