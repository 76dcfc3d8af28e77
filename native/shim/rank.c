/* The facts of a model that ranks. */

/* Outputs of the ranking head for one sequence; 0: the model is not loaded to rank. */
int32_t shim_rank_outputs(void) {
    return load_params[LOAD_RANKS] ? (int32_t)llama_model_n_cls_out(model) : 0;
}

/* Its template for a query and a document, or NULL. */
const char *shim_rank_template(void) { return llama_model_chat_template(model, "rerank"); }

/* `general.architecture`, cut to the capacity. */
void shim_architecture(char *out, int32_t capacity) {
    out[0] = 0;
    llama_model_meta_val_str(model, "general.architecture", out, (size_t)capacity);
}
