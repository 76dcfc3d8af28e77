/* Does a device compute correctly? A unit of its own, which the probe compiles: it shares with shim.c only the declarations. */
#include "abi.h"

#define WIDTH 256
#define ROWS 64
#define COLUMNS 5
/* A row of any type takes no more than one of floats. */
static char packed[WIDTH * ROWS * 4];
static float weights[WIDTH * ROWS], inputs[WIDTH * COLUMNS], products[ROWS * COLUMNS];

/* Numbers between -1 and 1, the same every time. */
static void fill(float *to, int count, uint32_t seed) {
    for (int i = 0; i < count; i++) {
        seed = seed * 1664525u + 1013904223u;
        to[i] = (float)(int32_t)(seed >> 8) / 8388608.0f - 1.0f;
    }
}

/* The square of the distance from the product in double precision, in parts of its own length. */
static double error_of(const float *got) {
    double wrong = 0, length = 0;
    for (int column = 0; column < COLUMNS; column++)
        for (int row = 0; row < ROWS; row++) {
            double sum = 0;
            for (int i = 0; i < WIDTH; i++) sum += (double)weights[row * WIDTH + i] * inputs[column * WIDTH + i];
            double off = got[column * ROWS + row] - sum;
            wrong += off * off;
            length += sum * sum;
        }
    return wrong / length;
}

static int32_t multiply(struct ggml_context *context, ggml_backend_t backend, int32_t type) {
    struct ggml_tensor *a = ggml_new_tensor_2d(context, type, WIDTH, ROWS);
    struct ggml_tensor *b = ggml_new_tensor_2d(context, GGML_TYPE_F32, WIDTH, COLUMNS);
    struct ggml_tensor *product = ggml_mul_mat(context, a, b);
    struct ggml_cgraph *graph = ggml_new_graph(context);
    ggml_build_forward_expand(graph, product);
    ggml_backend_buffer_t buffer = ggml_backend_alloc_ctx_tensors(context, backend);
    if (buffer == NULL) return -1;
    ggml_quantize_chunk(type, weights, packed, 0, ROWS, WIDTH, NULL);
    ggml_backend_tensor_set(a, packed, 0, ggml_nbytes(a));
    ggml_backend_tensor_set(b, inputs, 0, sizeof inputs);
    int32_t status = ggml_backend_graph_compute(backend, graph);
    if (status == 0) ggml_backend_tensor_get(product, products, 0, sizeof products);
    ggml_backend_buffer_free(buffer);
    return status;
}

/*
 * Multiplies weights of `type` (enum ggml_type) on a device. The square of the error in parts of the result's length, below 0 for a device
 * that does not compute at all. A type that loses precision loses it here too.
 */
double shim_product_error(int32_t device, int32_t type) {
    struct ggml_init_params params = {4 * ggml_tensor_overhead() + ggml_graph_overhead(), NULL, 1};
    ggml_backend_t backend = ggml_backend_dev_init(ggml_backend_dev_get((size_t)device), NULL);
    if (backend == NULL) return -1;
    struct ggml_context *context = ggml_init(params);
    fill(weights, WIDTH * ROWS, 1);
    fill(inputs, WIDTH * COLUMNS, 2);
    int32_t status = multiply(context, backend, type);
    ggml_free(context);
    ggml_backend_free(backend);
    return status == 0 ? error_of(products) : -1;
}
