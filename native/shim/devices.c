/* The devices to compute on. `index` is below shim_device_count(). */

int32_t shim_device_count(void) { return (int32_t)ggml_backend_dev_count(); }
const char *shim_device_name(int32_t index) { return ggml_backend_dev_name(ggml_backend_dev_get((size_t)index)); }
const char *shim_device_description(int32_t index) { return ggml_backend_dev_description(ggml_backend_dev_get((size_t)index)); }

/* GGML_BACKEND_DEVICE_TYPE_… */
int32_t shim_device_type(int32_t index) { return ggml_backend_dev_type(ggml_backend_dev_get((size_t)index)); }

/* Free bytes and all bytes, in this order. */
void shim_device_memory(int32_t index, uint64_t *out) {
    size_t available = 0, total = 0;
    ggml_backend_dev_memory(ggml_backend_dev_get((size_t)index), &available, &total);
    out[0] = available;
    out[1] = total;
}
