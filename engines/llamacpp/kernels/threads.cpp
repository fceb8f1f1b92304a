/*
 * Threads beside other programs. ggml's threads meet at hundreds of barriers a token and spin there; where another
 * program has one of their cores, each barrier lasts until the next time slice, and two threads were fifty times slower
 * than one. Here a thread sleeps once it has spun for a while, and a graph (a token, or a batch of a prompt) is
 * computed by one thread fewer when those before it were spent waiting. After a pause one more is tried.
 */
#include <emscripten.h>

#include <algorithm>
#include <atomic>

#include "ggml-cpu.h"

namespace {

/* Some tenth of a millisecond: falling asleep and waking up takes half of that. */
constexpr int SPINS = 3 << 16;
/* A sleep ends by itself after this, whatever happens. */
constexpr long long LONGEST_SLEEP_NS = 10'000'000;
/* Time waited by all threads together, as a part of the graph's: one of them waited for most of it. */
constexpr double CROWDED = 0.6;
/* One graph may be disturbed by chance; one that tries a thread more may not. */
constexpr int CROWDED_GRAPHS = 2;
constexpr double SHORTEST_PAUSE_MS = 500;
constexpr double LONGEST_PAUSE_MS = 8000;

std::atomic<int> sleepers;
std::atomic<int> waited_us;

int fewer = 0;
int crowded = 0;
bool trying = false;
double changed_ms = 0;
double pause_ms = SHORTEST_PAUSE_MS;

/* Decides how many threads fewer the next graph gets: `waited` is what the last one tells. */
void adapt(double waited, int threads, double now_ms) {
    crowded = waited > CROWDED ? crowded + 1 : 0;
    if (threads > 1 && crowded >= (trying ? 1 : CROWDED_GRAPHS)) {
        pause_ms = trying ? std::min(2 * pause_ms, LONGEST_PAUSE_MS) : SHORTEST_PAUSE_MS;
        fewer++;
        crowded = 0;
        changed_ms = now_ms;
        trying = false;
    } else if (now_ms - changed_ms >= pause_ms) {
        trying = fewer > 0;
        if (trying) fewer--;
        changed_ms = now_ms;
    }
}

}  // namespace

/* Waits at a barrier until `passed` is not `before` any more; ggml-cpu.c has spun for a moment. */
extern "C" void barrier_wait(const std::atomic<int> * passed, int before) {
    const double began = emscripten_get_now();
    for (int spins = 0; spins < SPINS && passed->load(std::memory_order_relaxed) == before; spins++) {}
    sleepers++;
    while (passed->load() == before) __builtin_wasm_memory_atomic_wait32((int *) passed, before, LONGEST_SLEEP_NS);
    sleepers--;
    waited_us += (int) (1000 * (emscripten_get_now() - began));
}

/* After `passed` was changed. */
extern "C" void barrier_wake(const std::atomic<int> * passed) {
    if (sleepers > 0) __builtin_wasm_memory_atomic_notify((int *) passed, ~0u);
}

extern "C" ggml_status __real_ggml_graph_compute(ggml_cgraph * graph, ggml_cplan * plan);

extern "C" ggml_status __wrap_ggml_graph_compute(ggml_cgraph * graph, ggml_cplan * plan) {
    if (plan->n_threads == 1) return __real_ggml_graph_compute(graph, plan);
    plan->n_threads = std::max(1, plan->n_threads - fewer);
    waited_us = 0;
    const double began = emscripten_get_now();
    const ggml_status status = __real_ggml_graph_compute(graph, plan);
    const double now = emscripten_get_now();
    adapt(waited_us / (1000 * std::max(now - began, 0.01)), plan->n_threads, now);
    return status;
}
