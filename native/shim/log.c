/* llama.cpp writes pages while it loads. Kept: the last error line, for the user, and the lines on buffers and offloaded layers, for figures. */
static char last_error[512];
static char report[8192];
static size_t report_length;
static bool reporting;

static void keep_error(const char *text) {
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '\n') length--;
    if (length == 0) return;
    /* The line that sums up a failed load has no reason, and comes after the one with the reason. */
    if (last_error[0] != 0 && strstr(text, ": failed to load model\n")) return;
    if (length > sizeof last_error - 1) length = sizeof last_error - 1;
    memcpy(last_error, text, length);
    last_error[length] = 0;
}

static void on_log(int level, const char *text, void *user_data) {
    (void)user_data;
    size_t length = strlen(text);
    if (level == GGML_LOG_LEVEL_ERROR) keep_error(text);
    if (level == GGML_LOG_LEVEL_ERROR || level == GGML_LOG_LEVEL_WARN) write(2, text, length);
    bool telling = strstr(text, " buffer size ") || strstr(text, " offloaded ");
    if (reporting && telling && report_length + length < sizeof report) {
        memcpy(report + report_length, text, length);
        report_length += length;
        report[report_length] = 0;
    }
}

const char *shim_last_error(void) { return last_error; }
const char *shim_report(void) { return report; }
