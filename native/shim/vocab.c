int32_t shim_vocab_size(void) { return llama_vocab_n_tokens(vocab); }
int32_t shim_bos(void) { return llama_vocab_bos(vocab); }
int32_t shim_eos(void) { return llama_vocab_eos(vocab); }
int32_t shim_sep(void) { return llama_vocab_sep(vocab); }
/* Tokens around the parts of a text whose middle is to be filled in; -1: the vocabulary has none. */
int32_t shim_fim_prefix(void) { return llama_vocab_fim_pre(vocab); }
int32_t shim_fim_suffix(void) { return llama_vocab_fim_suf(vocab); }
int32_t shim_fim_middle(void) { return llama_vocab_fim_mid(vocab); }
bool shim_is_end(int32_t token) { return token >= 0 && llama_vocab_is_eog(vocab, token); }
bool shim_adds_bos(void) { return llama_vocab_get_add_bos(vocab); }
bool shim_adds_eos(void) { return llama_vocab_get_add_eos(vocab); }
bool shim_adds_sep(void) { return llama_vocab_get_add_sep(vocab); }

/* Bytes of the longest token's text. */
int32_t shim_longest_piece(void) {
    int32_t longest = 0;
    for (int32_t token = 0; token < llama_vocab_n_tokens(vocab); token++) {
        /* Without room it returns minus the number of bytes. */
        int32_t length = -llama_token_to_piece(vocab, token, NULL, 0, 0, 1);
        if (length > longest) longest = length;
    }
    return longest;
}

/* Number of tokens written to `out`, or minus the number that would be needed. */
int32_t shim_tokenize(const char *text, int32_t length, int32_t *out, int32_t capacity, bool add_special, bool parse_special) {
    return llama_tokenize(vocab, text, length, out, capacity, add_special, parse_special);
}

/* Bytes of one token written to `out`, or minus the number that would be needed. `special`: control tokens as text too. */
int32_t shim_piece(int32_t token, char *out, int32_t capacity, bool special) {
    if (token < 0 || token >= llama_vocab_n_tokens(vocab)) return 0;
    return llama_token_to_piece(vocab, token, out, capacity, 0, special);
}
