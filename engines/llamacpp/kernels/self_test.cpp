/*
 * The engine's own test, behind wllama's action `test_backend_ops`. Without arguments: every kind of product that a
 * model asks for, against one in double precision over the same quantised weights, in shapes that hit every edge of a
 * tile; the number of types that came out wrong. With "speed": prints how fast each is too.
 */
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <random>
#include <vector>

#include "ggml-cpu.h"
#include "ggml.h"

namespace {

constexpr ggml_type TYPES[] = { GGML_TYPE_F32, GGML_TYPE_F16, GGML_TYPE_Q8_0, GGML_TYPE_Q4_0, GGML_TYPE_Q4_1,
    GGML_TYPE_Q5_0, GGML_TYPE_Q5_1, GGML_TYPE_Q4_K, GGML_TYPE_Q5_K, GGML_TYPE_Q6_K };

/* What rounding the activations to 8 bits may cost, and what the order of sums. Measured: 0.0005 and 0.0000002. */
constexpr double ROUNDED = 0.003, EXACT = 0.00001;

std::vector<float> numbers(size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<float> made(count);
    for (float & value : made) value = (float) ((int) (random() % 2001) - 1000) / 1000.0f;
    return made;
}

/* A matrix of weights [m, k] times activations [n, k]. */
class Product {
  public:
    Product(ggml_type type, int64_t k, int64_t m, int64_t n) : k_(k), m_(m), n_(n) {
        context_ = ggml_init({ (size_t) (1 << 20) + (size_t) (m * k * 4 + n * k * 12 + m * n * 4), nullptr, false });
        weights_ = ggml_new_tensor_2d(context_, type, k, m);
        ggml_tensor * inputs = ggml_new_tensor_2d(context_, GGML_TYPE_F32, k, n);
        const std::vector<float> made = numbers((size_t) (m * k), 1);
        if (type == GGML_TYPE_F32) {
            std::memcpy(weights_->data, made.data(), made.size() * sizeof(float));
        } else {
            ggml_quantize_chunk(type, made.data(), weights_->data, 0, m, k, nullptr);
        }
        inputs_ = numbers((size_t) (n * k), 2);
        std::memcpy(inputs->data, inputs_.data(), inputs_.size() * sizeof(float));
        result_ = ggml_mul_mat(context_, weights_, inputs);
        graph_ = ggml_new_graph_custom(context_, 8, false);
        ggml_build_forward_expand(graph_, result_);
    }

    ~Product() { ggml_free(context_); }

    void compute() { ggml_graph_compute_with_ctx(context_, graph_, 1); }

    /* Of a result, as a part of the product of the lengths of its row and its column. */
    double error() const {
        std::vector<float> row((size_t) k_);
        double wrong = 0, whole = 0;
        for (int64_t i = 0; i < m_; i++) {
            const char * at = (const char *) weights_->data + i * (int64_t) weights_->nb[1];
            if (weights_->type == GGML_TYPE_F32) {
                std::memcpy(row.data(), at, row.size() * sizeof(float));
            } else {
                ggml_get_type_traits(weights_->type)->to_float(at, row.data(), k_);
            }
            for (int64_t j = 0; j < n_; j++) {
                double exact = 0, of_row = 0, of_column = 0;
                for (int64_t l = 0; l < k_; l++) {
                    const double w = row[(size_t) l], y = inputs_[(size_t) (j * k_ + l)];
                    exact += w * y;
                    of_row += w * w;
                    of_column += y * y;
                }
                const double difference = exact - ((const float *) result_->data)[j * m_ + i];
                wrong += difference * difference;
                whole += of_row * of_column;
            }
        }
        return std::sqrt(wrong / whole);
    }

  private:
    int64_t k_, m_, n_;
    ggml_context * context_;
    ggml_tensor * weights_;
    ggml_tensor * result_;
    ggml_cgraph * graph_;
    std::vector<float> inputs_;
};

double worst_error(ggml_type type) {
    double worst = 0;
    for (const int64_t m : { 1, 5, 7 }) {
        for (const int64_t n : { 1, 2, 5 }) {
            Product product(type, 512, m, n);
            product.compute();
            const double error = product.error();
            /* Not a number is wrong too. */
            if (!(error <= worst)) worst = error;
        }
    }
    return worst;
}

/* 10^9 multiplications a second on one thread. */
double speed(ggml_type type, int64_t m, int64_t n, int repeats) {
    Product product(type, 1536, m, n);
    product.compute();
    const auto began = std::chrono::steady_clock::now();
    for (int r = 0; r < repeats; r++) product.compute();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - began;
    return 1536.0 * (double) (m * n) * repeats / taken.count() / 1e9;
}

}  // namespace

int main_test_backend_ops(int count, char ** arguments) {
    const bool timed = count > 0 && std::strcmp(arguments[count - 1], "speed") == 0;
    int wrong = 0;
    ggml_cpu_init();
    for (const ggml_type type : TYPES) {
        const double error = worst_error(type);
        const bool good = error < (type == GGML_TYPE_F32 || type == GGML_TYPE_F16 ? EXACT : ROUNDED);
        if (!good) wrong++;
        if (!good || timed) {
            std::fprintf(stderr, "@@%s@@self-test %s: error %.5f\n", good ? "INFO" : "ERROR", ggml_type_name(type), error);
        }
        if (timed) {
            std::fprintf(stderr, "@@INFO@@speed %s: one column %.2f, 64 columns %.2f\n", ggml_type_name(type),
                         speed(type, 1536, 1, 40), speed(type, 576, 64, 4));
        }
    }
    return wrong;
}
