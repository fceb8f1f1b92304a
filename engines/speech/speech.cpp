/*
 * What a worker asks of transcribe.cpp, in plain numbers and text: one model that hears, and one that tells speech from
 * everything else (voice activity). All audio is 16 kHz, mono, 32-bit floats.
 */
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "transcribe.h"
#include "transcribe/vad.h"

int main_test_backend_ops(int count, char ** arguments);

namespace {

transcribe_model * ears = nullptr;
transcribe_session * session = nullptr;
transcribe_vad_session * vad = nullptr;
std::vector<float> samples;
std::string result;
/* Set by another thread, or before a run. */
volatile int32_t stop = 0;

bool stopped(void *) { return stop != 0; }

void tell(transcribe_log_level level, const char * text, void *) {
    if (level == TRANSCRIBE_LOG_LEVEL_ERROR) std::fprintf(stderr, "%s\n", text);
}

void quote(std::string & to, const char * text) {
    to += '"';
    for (const char * at = text ? text : ""; *at; at++) {
        const unsigned char c = (unsigned char) *at;
        char escaped[8];
        if (c == '"' || c == '\\') {
            to += '\\';
            to += *at;
        } else if (c < 0x20) {
            std::snprintf(escaped, sizeof escaped, "\\u%04x", c);
            to += escaped;
        } else {
            to += *at;
        }
    }
    to += '"';
}

void number(std::string & to, const char * name, double value) {
    char text[64];
    std::snprintf(text, sizeof text, ",\"%s\":%.3f", name, value);
    to += text;
}

/* [{"text", "start", "end"}], in seconds. */
template <typename Row, typename Init, typename Get>
void rows(std::string & to, const char * name, int count, Init init, Get get) {
    to += std::string(",\"") + name + "\":[";
    for (int i = 0; i < count; i++) {
        Row row;
        init(&row);
        get(session, i, &row);
        to += i ? ",{\"text\":" : "{\"text\":";
        quote(to, row.text);
        number(to, "start", (double) row.t0_ms / 1000);
        number(to, "end", (double) row.t1_ms / 1000);
        to += '}';
    }
    to += ']';
}

}  // namespace

extern "C" {

/* Takes the model at `path`, for hearing or for voice activity as it says itself. A status of transcribe.h. */
int speech_load(const char * path, int threads) {
    transcribe_log_set(tell, nullptr);
    transcribe_model * model = nullptr;
    int status = transcribe_model_load_file(path, nullptr, &model);
    if (status != TRANSCRIBE_OK) return status;
    if (transcribe_model_roles(model) & TRANSCRIBE_ROLE_VAD) {
        transcribe_vad_session_params params;
        transcribe_vad_session_params_init(&params);
        params.n_threads = 1;
        return transcribe_vad_session_init(model, &params, &vad);
    }
    ears = model;
    transcribe_session_params params;
    transcribe_session_params_init(&params);
    params.n_threads = threads;
    status = transcribe_session_init(model, &params, &session);
    if (status == TRANSCRIBE_OK) transcribe_set_abort_callback(session, stopped, nullptr);
    return status;
}

/* Where the next call finds its audio: room for `count` samples. */
float * speech_buffer(int count) {
    samples.resize((size_t) count);
    return samples.data();
}

/* Another than 0 ends the run. */
volatile int32_t * speech_stop() { return &stop; }

/* Hears what is in the buffer. An empty language is for the model to find out. A status of transcribe.h. */
int speech_run(const char * language, int translate) {
    transcribe_run_params params;
    transcribe_run_params_init(&params);
    if (*language) params.language = language;
    if (translate) params.task = TRANSCRIBE_TASK_TRANSLATE;
    return transcribe_run(session, samples.data(), (int) samples.size(), &params);
}

/* What was heard, as JSON. */
const char * speech_result() {
    transcribe_timings timings;
    transcribe_timings_init(&timings);
    transcribe_get_timings(session, &timings);
    result = "{\"text\":";
    quote(result, transcribe_full_text(session));
    result += ",\"language\":";
    quote(result, transcribe_detected_language(session));
    rows<transcribe_segment>(result, "segments", transcribe_n_segments(session), transcribe_segment_init, transcribe_get_segment);
    rows<transcribe_word>(result, "words", transcribe_n_words(session), transcribe_word_init, transcribe_get_word);
    number(result, "encodeMs", timings.mel_ms + timings.encode_ms);
    number(result, "decodeMs", timings.decode_ms);
    result += '}';
    return result.c_str();
}

/* How likely each frame of 512 samples in the buffer is speech: the number of frames, or -1. */
int speech_activity() {
    if (!vad || transcribe_vad_run(vad, samples.data(), (int) samples.size(), nullptr) != TRANSCRIBE_OK) return -1;
    transcribe_vad_result found;
    transcribe_vad_result_init(&found);
    transcribe_vad_get_result(vad, &found);
    return found.n_probs;
}

const float * speech_activities() { return transcribe_vad_probs(vad); }

/* The number of kinds of products that came out wrong (engines/llamacpp/kernels/self_test.cpp). */
int speech_self_test() { return main_test_backend_ops(0, nullptr); }

}  // extern "C"
