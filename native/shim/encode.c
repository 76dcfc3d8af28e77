/*
 * Encoding in turns. libmtmd encodes a picture in one call, which takes seconds for a large one on a CPU. So it is called in a thread of
 * its own, which stops between two groups of the graph's nodes when its turn is over. That thread and JavaScript's never run at the same
 * time: the caller of a turn waits until it is over. Between turns tokens of other requests are decoded, and an encoding that no request
 * wants any more is given up.
 */

/* Room for pthread's own types; no platform's is larger. */
struct pthread_room {
    long long room[16];
};

#define ENCODER_STACK (8u << 20)
/* A group of nodes that takes less is made larger, one that takes more smaller: it is as exact as a turn's end is. Microseconds. */
#define SHORTEST_GROUP 1000
#define LONGEST_GROUP 4000
#define MOST_NODES 256

/* The results of vision_encode_turn. */
enum encode_outcome { ENCODE_DONE, ENCODE_GOES_ON, ENCODE_FAILED };

static struct {
    struct pthread_room mutex, changed, attributes;
    void *thread;
    const struct mtmd_input_chunk *chunk;
    /* Of the two threads the encoder's may run. */
    bool turn;
    bool ended;
    bool given_up;
    int32_t code;
    /* When the turn is over. */
    int64_t until;
    /* Nodes of a group, those still to come of the present one, and when it began. */
    int32_t group, left;
    int64_t since;
} encoder;

static void hand_over(bool to_encoder) {
    encoder.turn = to_encoder;
    pthread_cond_signal(&encoder.changed);
    while (encoder.turn == to_encoder) pthread_cond_wait(&encoder.changed, &encoder.mutex);
}

static void size_groups(int64_t took) {
    if (took < SHORTEST_GROUP && encoder.group < MOST_NODES) encoder.group *= 2;
    if (took > LONGEST_GROUP && encoder.group > 1) encoder.group /= 2;
    encoder.left = encoder.group;
}

/* ggml's callback. `ask`: does this node end a group? Else a group has been computed; false gives the rest up. */
static bool on_node(struct ggml_tensor *node, bool ask, void *user_data) {
    (void)node;
    (void)user_data;
    /* The graph that is run when a projector is loaded takes no turns. */
    if (encoder.chunk == NULL) return !ask;
    if (ask) return --encoder.left <= 0;
    int64_t now = ggml_time_us();
    size_groups(now - encoder.since);
    if (now >= encoder.until && !encoder.given_up) {
        hand_over(0);
        now = ggml_time_us();
    }
    encoder.since = now;
    return !encoder.given_up;
}

static void *encode(void *unused) {
    (void)unused;
    pthread_mutex_lock(&encoder.mutex);
    encoder.since = ggml_time_us();
    encoder.code = mtmd_encode_chunk(projector, encoder.chunk);
    encoder.ended = 1;
    encoder.turn = 0;
    pthread_cond_signal(&encoder.changed);
    pthread_mutex_unlock(&encoder.mutex);
    return NULL;
}

static void init_encoder(void) {
    pthread_mutex_init(&encoder.mutex, NULL);
    pthread_cond_init(&encoder.changed, NULL);
    pthread_attr_init(&encoder.attributes);
    /* Threads have less than the main one by default on some platforms, and llama.cpp was not tried with that. */
    pthread_attr_setstacksize(&encoder.attributes, ENCODER_STACK);
}

/* Begins to encode a chunk; it takes no time yet. No other may be under way. */
void vision_encode_begin(const void *chunks, int32_t index) {
    encoder.chunk = mtmd_input_chunks_get(chunks, (size_t)index);
    encoder.thread = NULL;
    encoder.ended = 0;
    encoder.given_up = 0;
    encoder.group = 1;
    encoder.left = 1;
}

/* Lets the encoding go on for so many microseconds, or to its end. */
int32_t vision_encode_turn(int64_t microseconds) {
    pthread_mutex_lock(&encoder.mutex);
    encoder.until = ggml_time_us() + microseconds;
    encoder.turn = 1;
    if (encoder.thread == NULL && pthread_create(&encoder.thread, &encoder.attributes, encode, NULL) != 0) {
        encoder.turn = 0;
        encoder.ended = 1;
        encoder.code = -1;
        encoder.thread = NULL;
    }
    pthread_cond_signal(&encoder.changed);
    while (encoder.turn) pthread_cond_wait(&encoder.changed, &encoder.mutex);
    pthread_mutex_unlock(&encoder.mutex);
    if (!encoder.ended) return ENCODE_GOES_ON;
    if (encoder.thread != NULL) pthread_join(encoder.thread, NULL);
    encoder.chunk = NULL;
    return encoder.code == 0 ? ENCODE_DONE : ENCODE_FAILED;
}

/* Ends an unfinished encoding within a group of nodes. The result in libmtmd is then invalid. */
void vision_encode_give_up(void) {
    encoder.given_up = 1;
    if (encoder.thread != NULL) vision_encode_turn(0);
    encoder.chunk = NULL;
}
