/*
 * A model whose file has another layout than llama.cpp's. The file that llama.cpp expects is described in memory: its beginning up to the
 * tensor data, and where in the real file each stretch of those data lies.
 */

/* Most bytes read at a time. */
#define PIECE_BYTES (8l << 20)

/* Bytes of tensors from which on it pays to keep them in the CPU's own order. */
#define LEAST_REORDERED_BYTES (32l << 20)

/* Fields of a segment: offset in the file that llama.cpp sees, offset in the real one, and length. */
enum segment_field { SEGMENT_AT, SEGMENT_FROM, SEGMENT_LENGTH, SEGMENT_FIELDS };

struct scattered {
    const char *header;
    int64_t header_size;
    /* Bytes of the file that llama.cpp sees. */
    int64_t size;
    const int64_t *segments;
    int64_t count;
    /* For each tensor of the header: the number of its first segment, and how many it has. */
    const int64_t *index;
    int file;
};

/* Bytes of the weights that were handed over piece by piece; 0 for a model that llama.cpp read itself. */
static int64_t scattered_bytes;

#include "tensor-by-tensor.c"
#include "virtual-file.c"

/*
 * Loads the model of the file that `header` begins (`sizes`: bytes of the header, of the file, of all tensors, and how many segments)
 * and whose data lie in the file at `path`. 0, or -1: llama.cpp's last error, or ours, says why. Nothing that was passed is needed
 * afterwards.
 */
int32_t shim_load_scattered(const char *path, const void *header, const int64_t *sizes, const int64_t *segments, const int64_t *index,
                            const int32_t *params) {
    struct scattered source;
    struct llama_model *result = NULL;
    struct llama_model_params options = model_params(params);
    reporting = 1;
    source.header = header;
    source.header_size = sizes[0];
    source.size = sizes[1];
    source.segments = segments;
    source.count = sizes[3];
    source.index = index;
    source.file = open(path, 0);
    if (source.file < 0) {
        keep_error("the model's file cannot be opened");
        return -1;
    }
    /* llama.cpp keeps no tensor in the CPU's own order that it did not read from a file: it computes faster so, with other last bits. */
    bool reorder = options.use_extra_bufts && sizes[2] >= LEAST_REORDERED_BYTES;
    if (HAS_VIRTUAL_FILES && reorder) result = load_virtual_file(&source, options);
    else result = load_tensor_by_tensor(&source, sizes[2], options);
    close(source.file);
    return loaded(result);
}

/* Bytes of the weights. llama.cpp does not count those that it was handed piece by piece. */
uint64_t shim_model_size(void) { return scattered_bytes > 0 ? (uint64_t)scattered_bytes : llama_model_size(model); }
