/*
 * Threads beside other programs. ggml's threads meet at hundreds of barriers a token and spin there; where another
 * program has one of their cores, each barrier lasts until the next time slice, and two threads were fifty times slower
 * than one. Here a thread sleeps once it has spun for a while, and a graph (a token, or a batch of a prompt) is
 * computed by one thread fewer when those before it were spent waiting. After a pause, longer each time that it was in
 * vain, one more is tried.
 */
#include <emscripten.h>

#include <algorithm>
#include <atomic>

#include "ggml-cpu.h"

namespace {

/* Some half of a millisecond: sooner, waking up (0.05 ms) cost 5 % of the speed where nothing else ran. */
constexpr int SPINS = 15 << 16;
/* A sleep ends by itself after this, whatever happens. */
constexpr long long LONGEST_SLEEP_NS = 10'000'000;
/* Time waited by all threads, as a part of the graphs': of two that share their cores, one waits nearly always. */
constexpr double CROWDED = 0.85;
/* Over how long that is looked at, so that one disturbed token changes nothing; less where a thread more is tried. */
constexpr double WINDOW_MS = 150;
constexpr double TRIAL_MS = 50;
constexpr double SHORTEST_PAUSE_MS = 500;
constexpr double LONGEST_PAUSE_MS = 8000;

std::atomic<int> sleepers;
std::atomic<int> waited_us;

int fewer = 0;
bool trying = false;
double elapsed_ms = 0;
double changed_ms = 0;
double pause_ms = SHORTEST_PAUSE_MS;

/* Decides how many threads fewer the next graphs get, when those until now have taken long enough to tell. */
void adapt(int threads, double now_ms) {
    if (elapsed_ms < (trying ? TRIAL_MS : WINDOW_MS)) return;
    const bool slow = waited_us.exchange(0) > CROWDED * 1000 * elapsed_ms;
    elapsed_ms = 0;
    if (slow && threads > 1) {
        pause_ms = trying ? std::min(2 * pause_ms, LONGEST_PAUSE_MS) : SHORTEST_PAUSE_MS;
        fewer++;
        trying = false;
        changed_ms = now_ms;
        return;
    }
    trying = fewer > 0 && now_ms - changed_ms >= pause_ms;
    if (trying) {
        fewer--;
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
    const double began = emscripten_get_now();
    const ggml_status status = __real_ggml_graph_compute(graph, plan);
    const double now = emscripten_get_now();
    elapsed_ms += now - began;
    adapt(plan->n_threads, now);
    return status;
}
