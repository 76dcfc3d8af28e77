/*
 * Pictures and sounds: encoding them with a projector, and decoding the result into the context. A unit of its own, compiled when a model
 * with a projector is loaded; it shares with shim.c only the declarations and the log, and gets the model and the context as arguments.
 */
#include "abi.h"
#include "mtmd-abi.h"
#include "log.c"

/* Fields of the block that JavaScript passes to vision_open, in this order (native/runner/vision.ts writes it). */
enum vision_field { VISION_THREADS, VISION_GPU_LAYERS, VISION_MAIN_GPU, VISION_MIN_TOKENS, VISION_MAX_TOKENS };

/* Planes of a position where a model has positions in several dimensions. */
#define PLANES 4

static struct mtmd_context *projector;
static const struct llama_model *model;

#include "encode.c"

/* The GPU that is the model's main one, NULL for libmtmd's own choice of the first. */
static ggml_backend_dev_t gpu_numbered(int32_t number) {
    for (size_t i = 0; number >= 0 && i < ggml_backend_dev_count(); i++) {
        ggml_backend_dev_t device = ggml_backend_dev_get(i);
        int type = ggml_backend_dev_type(device);
        if (type != GGML_BACKEND_DEVICE_TYPE_GPU && type != GGML_BACKEND_DEVICE_TYPE_IGPU) continue;
        if (number-- == 0) return device;
    }
    return NULL;
}

/* Loads a projector for the model. 0, or -1: it does not fit the model, or is none. */
int32_t vision_open(const struct llama_model *text_model, const char *path, const int32_t *fields) {
    struct mtmd_context_params params = mtmd_context_params_default();
    model = text_model;
    init_encoder();
    mtmd_log_set(on_log, NULL);
    reporting = 1;
    /* On the CPU a graph run at load finds out nothing; on a GPU it makes the memory that pictures take. A part of the layers on the GPU
       means that there is no room for more. */
    params.use_gpu = fields[VISION_GPU_LAYERS] < 0 || fields[VISION_GPU_LAYERS] > llama_model_n_layer(model);
    params.device = params.use_gpu ? gpu_numbered(fields[VISION_MAIN_GPU]) : NULL;
    params.warmup = params.use_gpu && llama_supports_gpu_offload();
    params.print_timings = 0;
    params.n_threads = fields[VISION_THREADS];
    params.cb_eval = on_node;
    if (fields[VISION_MIN_TOKENS] > 0) params.image_min_tokens = fields[VISION_MIN_TOKENS];
    if (fields[VISION_MAX_TOKENS] > 0) params.image_max_tokens = fields[VISION_MAX_TOKENS];
    projector = mtmd_init_from_file(path, model, params);
    reporting = 0;
    return projector == NULL ? -1 : 0;
}

void vision_close(void) { mtmd_free(projector); }
const char *vision_last_error(void) { return last_error; }
const char *vision_report(void) { return report; }
bool vision_sees(void) { return mtmd_support_vision(projector); }
/* Sample rate of sounds, in samples a second; -1: the projector takes no sounds. */
int32_t vision_sample_rate(void) { return mtmd_support_audio(projector) ? mtmd_get_audio_sample_rate(projector) : -1; }
/* Floats of one cell. */
int32_t vision_width(void) { return llama_model_n_embd_inp(model); }
bool vision_is_planar(void) { return mtmd_decode_use_mrope(projector); }
/* Do pictures attend to all of themselves? They must then be in one micro-batch. */
bool vision_is_mutual(void) { return mtmd_decode_use_non_causal(projector, NULL); }

static struct mtmd_input_chunks *chunks_of(struct mtmd_bitmap *bitmap) {
    struct mtmd_input_part part = {NULL, bitmap};
    const struct mtmd_input_part *parts[1];
    struct mtmd_input_chunks *chunks = mtmd_input_chunks_init();
    parts[0] = &part;
    int32_t code = bitmap == NULL || chunks == NULL ? -1 : mtmd_tokenize_from_parts(projector, chunks, parts, 1, 0);
    if (bitmap != NULL) mtmd_bitmap_free(bitmap);
    if (code == 0) return chunks;
    if (chunks != NULL) mtmd_input_chunks_free(chunks);
    return NULL;
}

/* A picture cut and scaled for the projector, as chunks with the projector's own text between them; NULL when it cannot be. Without
   pixels the chunks only tell sizes. To be freed. */
void *vision_picture(uint32_t width, uint32_t height, const unsigned char *rgb) {
    return chunks_of(mtmd_bitmap_init(width, height, rgb));
}

/* The same of a sound. */
void *vision_sound(uint32_t count, const float *samples) { return chunks_of(mtmd_bitmap_init_from_audio(count, samples)); }

void vision_free(void *chunks) { mtmd_input_chunks_free(chunks); }
int32_t vision_count(const void *chunks) { return (int32_t)mtmd_input_chunks_size(chunks); }

/* The facts of chunk `index`: its cells, its positions, and whether it is text (0) or is to be encoded (1). */
void vision_describe(const void *chunks, int32_t index, int32_t *out) {
    const struct mtmd_input_chunk *chunk = mtmd_input_chunks_get(chunks, (size_t)index);
    out[0] = (int32_t)mtmd_input_chunk_get_n_tokens(chunk);
    out[1] = mtmd_input_chunk_get_n_pos(chunk);
    out[2] = mtmd_input_chunk_get_type(chunk) != MTMD_INPUT_CHUNK_TYPE_TEXT;
    out[3] = out[2] && mtmd_decode_use_non_causal(projector, chunk);
}

/* The tokens of a chunk of text. */
void vision_tokens(const void *chunks, int32_t index, int32_t *out) {
    size_t count = 0;
    const llama_token *tokens = mtmd_input_chunk_get_tokens_text(mtmd_input_chunks_get(chunks, (size_t)index), &count);
    memcpy(out, tokens, count * sizeof *out);
}

/* What the encoding that was just done has made: `out` gets the chunk's cells, one row each. `places` gets four planes of positions for a
   chunk that begins at position 0, and `moves` by how much each changes when it begins one later; NULL where positions follow one another. */
void vision_take(const void *chunks, int32_t index, float *out, int32_t *places, int32_t *moves) {
    const struct mtmd_input_chunk *chunk = mtmd_input_chunks_get(chunks, (size_t)index);
    const struct mtmd_image_tokens *image = mtmd_input_chunk_get_tokens_image(chunk);
    size_t cells = mtmd_input_chunk_get_n_tokens(chunk);
    memcpy(out, mtmd_get_output_embd(projector), cells * (size_t)vision_width() * sizeof *out);
    if (places == NULL) return;
    for (size_t i = 0; i < cells; i++) {
        struct mtmd_decoder_pos at = {(uint32_t)i, (uint32_t)i, (uint32_t)i, (uint32_t)i};
        struct mtmd_decoder_pos next = {(uint32_t)i + 1, (uint32_t)i + 1, (uint32_t)i + 1, (uint32_t)i + 1};
        if (image != NULL) {
            at = mtmd_image_tokens_get_decoder_pos(image, 0, i);
            next = mtmd_image_tokens_get_decoder_pos(image, 1, i);
        }
        /* llama.cpp wants y before x. */
        places[i] = (int32_t)at.t;
        places[cells + i] = (int32_t)at.y;
        places[2 * cells + i] = (int32_t)at.x;
        places[3 * cells + i] = (int32_t)at.z;
        moves[i] = (int32_t)(next.t - at.t);
        moves[cells + i] = (int32_t)(next.y - at.y);
        moves[2 * cells + i] = (int32_t)(next.x - at.x);
        moves[3 * cells + i] = (int32_t)(next.z - at.z);
    }
}

/*
 * Decodes rows of a picture into a slot's cells: `count` of them, at `positions` (four planes of them where the model's are planar).
 * `mutual`: they attend to all of each other, and are all in this call. Of the last `outputs` of them the outputs are wanted.
 * llama_decode's code, or -1 when there is no memory.
 */
int32_t vision_decode(struct llama_context *ctx, int32_t slot, int32_t count, float *rows, int32_t *positions, bool mutual, int32_t outputs) {
    struct llama_batch batch;
    llama_seq_id *id = &slot;
    int32_t *counts = malloc((size_t)count * sizeof *counts);
    llama_seq_id **ids = malloc((size_t)count * sizeof *ids);
    int8_t *wanted = calloc((size_t)count, 1);
    int32_t code = -1;
    if (counts != NULL && ids != NULL && wanted != NULL) {
        for (int32_t i = 0; i < count; i++) {
            counts[i] = 1;
            ids[i] = id;
            wanted[i] = i >= count - outputs;
        }
        batch.n_tokens = count;
        batch.token = NULL;
        batch.embd = rows;
        batch.pos = positions;
        batch.n_seq_id = counts;
        batch.seq_id = ids;
        batch.logits = wanted;
        if (mutual) llama_set_causal_attn(ctx, 0);
        code = llama_decode(ctx, batch);
        if (mutual) llama_set_causal_attn(ctx, 1);
    }
    free(counts);
    free(ids);
    free(wanted);
    return code;
}
