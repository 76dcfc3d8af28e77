/*
 * Where the C library can make a stream of our own functions, llama.cpp reads the file that it expects from one: then it treats the
 * weights like those of a real file, their order for this CPU and its progress reports included.
 */
#ifdef __linux__
#define HAS_VIRTUAL_FILES 1

#define STREAM_BUFFER_BYTES (1ul << 20)

enum seek_from { FROM_START, FROM_HERE, FROM_END };

struct virtual_file {
    const struct scattered *source;
    int64_t at;
};

/* The first segment that ends behind `at`; `count` when there is none. */
static int64_t segment_behind(const struct scattered *source, int64_t at) {
    int64_t low = 0, high = source->count;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        const int64_t *segment = source->segments + middle * SEGMENT_FIELDS;
        if (segment[SEGMENT_AT] + segment[SEGMENT_LENGTH] > at) high = middle;
        else low = middle + 1;
    }
    return low;
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* Up to `room` bytes at `at`; the gaps that align tensors read as zeros. -1 when the real file cannot be read. */
static int64_t read_stretch(const struct scattered *source, int64_t at, char *to, int64_t room) {
    if (at < source->header_size) {
        int64_t length = least(room, source->header_size - at);
        memcpy(to, source->header + at, (size_t)length);
        return length;
    }
    int64_t number = segment_behind(source, at);
    const int64_t *segment = source->segments + number * SEGMENT_FIELDS;
    int64_t start = number < source->count ? segment[SEGMENT_AT] : source->size;
    if (at < start) {
        int64_t length = least(room, start - at);
        memset(to, 0, (size_t)length);
        return length;
    }
    int64_t within = at - start;
    long got = pread(source->file, to, (size_t)least(room, segment[SEGMENT_LENGTH] - within), (long)(segment[SEGMENT_FROM] + within));
    return got > 0 ? got : -1;
}

static long read_virtual(void *cookie, char *to, size_t size) {
    struct virtual_file *file = cookie;
    int64_t room = least((int64_t)size, file->source->size - file->at);
    int64_t done = 0;
    while (done < room) {
        int64_t got = read_stretch(file->source, file->at, to + done, room - done);
        if (got < 0) {
            keep_error("the model's file cannot be read to its end");
            return -1;
        }
        done += got;
        file->at += got;
    }
    return (long)done;
}

static int seek_virtual(void *cookie, long *offset, int whence) {
    struct virtual_file *file = cookie;
    int64_t base = whence == FROM_START ? 0 : whence == FROM_HERE ? file->at : file->source->size;
    int64_t target = base + *offset;
    if (target < 0 || target > file->source->size) return -1;
    file->at = target;
    *offset = (long)target;
    return 0;
}

/* NULL with an error kept. */
static struct llama_model *load_virtual_file(const struct scattered *source, struct llama_model_params options) {
    struct virtual_file file;
    struct cookie_functions functions;
    file.source = source;
    file.at = 0;
    functions.read = read_virtual;
    functions.write = NULL;
    functions.seek = seek_virtual;
    functions.close = NULL;
    FILE *stream = fopencookie(&file, "rb", functions);
    if (stream == NULL) {
        keep_error("out of memory");
        return NULL;
    }
    setvbuf(stream, NULL, 0, STREAM_BUFFER_BYTES);
    /* Only a real file can be mapped. */
    options.load_mode = LLAMA_LOAD_MODE_NONE;
    struct llama_model *result = llama_model_load_from_file_ptr(stream, options);
    fclose(stream);
    return result;
}
#else
#define HAS_VIRTUAL_FILES 0
#define load_virtual_file(source, options) NULL
#endif
