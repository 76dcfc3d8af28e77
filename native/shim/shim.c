/*
 * The shim: one model in one process, driven from one thread. JavaScript fills the arrays that shim_batch_* hand out, calls
 * shim_step once, and reads the sampled tokens back. Every function returns a code; no null pointer reaches llama.cpp.
 */
#include "abi.h"

static struct llama_model *model;
static const struct llama_vocab *vocab;
static struct llama_context *ctx;

#include "log.c"
#include "vocab.c"
#include "sample.c"
#include "step.c"
#include "abi-check.c"
#include "devices.c"
#include "load.c"
#include "scattered.c"
#include "draft.c"
#include "embed.c"
#include "rank.c"
#include "state.c"
