/*
 * Matrix products for WebAssembly SIMD, in the place where ggml calls llamafile_sgemm (ggml-cpu.c): C = A * B^T,
 * A being weights of any of the types below and B activations, as F32 or as ggml's Q8_0, Q8_1 or Q8_K.
 *
 * ggml's own wasm kernels take one row of weights and one of activations at a time and unpack both anew for every
 * pair. Here a tile of rows is unpacked once for several columns, and 4- to 6-bit weights, which are not negative
 * before their offset, go into the relaxed dot product of signed by 7-bit values where there is one.
 */
#include "llamafile/sgemm.h"

#include <wasm_simd128.h>

#include <algorithm>
#include <type_traits>
#include <vector>

#define GGML_COMMON_DECL_C
#include "ggml-common.h"
#include "ggml-cpu-impl.h"
#include "simd-mappings.h"

namespace {

using Vector = v128_t;

/* Where a product lies: `k` in elements, strides in bytes. */
struct Product {
    int64_t m, n, k;
    const char * a;
    int64_t a_stride;
    const char * b;
    int64_t b_stride;
    float * c;
    int64_t c_stride; /* in floats */
};

inline float half(ggml_half value) {
    return GGML_CPU_FP16_TO_FP32(value);
}

inline Vector multiply_add(Vector a, Vector b, Vector sum) {
#ifdef __wasm_relaxed_simd__
    return wasm_f32x4_relaxed_madd(a, b, sum);
#else
    return wasm_f32x4_add(sum, wasm_f32x4_mul(a, b));
#endif
}

#ifdef __wasm_relaxed_simd__
/* Sums of four products each, of signed `y` and `w` from 0 to 63: 16 bits hold them. */
inline Vector pairs_small(Vector y0, Vector w0, Vector y1, Vector w1) {
    return wasm_i16x8_add(wasm_i16x8_relaxed_dot_i8x16_i7x16(y0, w0), wasm_i16x8_relaxed_dot_i8x16_i7x16(y1, w1));
}
#endif

inline Vector pairs_low(Vector y, Vector w) {
    return wasm_i32x4_dot_i16x8(wasm_i16x8_extend_low_i8x16(y), wasm_i16x8_extend_low_i8x16(w));
}

inline Vector pairs_high(Vector y, Vector w) {
    return wasm_i32x4_dot_i16x8(wasm_i16x8_extend_high_i8x16(y), wasm_i16x8_extend_high_i8x16(w));
}

/*
 * The 32 products of signed `y` and signed `w`, in four sums. Neither may be -128, which ggml's quantisers never make:
 * the relaxed product wants one side from 0 to 127, so `w` takes over the signs of `y`, as ggml does it for AVX2.
 */
inline Vector dot_signed(Vector y0, Vector w0, Vector y1, Vector w1) {
#ifdef __wasm_relaxed_simd__
    const Vector ones = wasm_i16x8_const_splat(1), sign0 = wasm_i8x16_shr(y0, 7), sign1 = wasm_i8x16_shr(y1, 7);
    const Vector low = wasm_i8x16_sub(wasm_v128_xor(w0, sign0), sign0);
    const Vector high = wasm_i8x16_sub(wasm_v128_xor(w1, sign1), sign1);
    return wasm_i32x4_add(wasm_i32x4_dot_i16x8(wasm_i16x8_relaxed_dot_i8x16_i7x16(low, wasm_i8x16_abs(y0)), ones),
                          wasm_i32x4_dot_i16x8(wasm_i16x8_relaxed_dot_i8x16_i7x16(high, wasm_i8x16_abs(y1)), ones));
#else
    return wasm_i32x4_add(wasm_i32x4_add(pairs_low(y0, w0), pairs_high(y0, w0)),
                          wasm_i32x4_add(pairs_low(y1, w1), pairs_high(y1, w1)));
#endif
}

/*
 * The same for `w` from 0 to 63, times `scale` (eight 16-bit lanes of one value). Four products of 63 * 127 fit into
 * 16 bits, so pairs are added there and widened only once, by the product with the scale.
 */
inline Vector dot_small(Vector y0, Vector w0, Vector y1, Vector w1, Vector scale) {
#ifdef __wasm_relaxed_simd__
    return wasm_i32x4_dot_i16x8(pairs_small(y0, w0, y1, w1), scale);
#else
    return wasm_i32x4_mul(dot_signed(y0, w0, y1, w1), wasm_i32x4_extend_low_i16x8(scale));
#endif
}

/* The same for 16 products. */
inline Vector dot_small(Vector y, Vector w, Vector scale) {
#ifdef __wasm_relaxed_simd__
    return wasm_i32x4_dot_i16x8(wasm_i16x8_relaxed_dot_i8x16_i7x16(y, w), scale);
#else
    return wasm_i32x4_mul(wasm_i32x4_add(pairs_low(y, w), pairs_high(y, w)), wasm_i32x4_extend_low_i16x8(scale));
#endif
}

/* The sum of each, in a lane of its own. */
inline Vector sums_of(Vector a, Vector b, Vector c, Vector d) {
    const Vector ab = wasm_i32x4_add(wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), wasm_i32x4_shuffle(a, b, 2, 6, 3, 7));
    const Vector cd = wasm_i32x4_add(wasm_i32x4_shuffle(c, d, 0, 4, 1, 5), wasm_i32x4_shuffle(c, d, 2, 6, 3, 7));
    return wasm_i32x4_add(wasm_i64x2_shuffle(ab, cd, 0, 2), wasm_i64x2_shuffle(ab, cd, 1, 3));
}

inline float sum_of(Vector v) {
    v = wasm_f32x4_add(v, wasm_i32x4_shuffle(v, v, 2, 3, 0, 1));
    v = wasm_f32x4_add(v, wasm_i32x4_shuffle(v, v, 1, 0, 3, 2));
    return wasm_f32x4_extract_lane(v, 0);
}

/* The fifth bits of 16 weights, from the 16-bit half `upper` of their mask: 16 or 0 each. */
inline Vector fifth_bits(const uint8_t * mask, bool upper) {
    const Vector whole = wasm_v128_load32_splat(mask);
    const Vector bytes = upper ? wasm_i8x16_shuffle(whole, whole, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3)
                               : wasm_i8x16_shuffle(whole, whole, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
    const Vector bits = wasm_i8x16_const(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
    return wasm_v128_and(wasm_i8x16_eq(wasm_v128_and(bytes, bits), bits), wasm_i8x16_const_splat(16));
}

/* ---- types with one scale for 32 weights -------------------------------------------------------------------- */

inline void nibbles(const uint8_t * q, Vector & low, Vector & high) {
    const Vector raw = wasm_v128_load(q);
    low = wasm_v128_and(raw, wasm_i8x16_splat(0x0f));
    high = wasm_u8x16_shr(raw, 4);
}

inline void five_bits(const uint8_t * q, const uint8_t * mask, Vector & low, Vector & high) {
    nibbles(q, low, high);
    low = wasm_v128_or(low, fifth_bits(mask, false));
    high = wasm_v128_or(high, fifth_bits(mask, true));
}

/*
 * How to unpack a block. `small`: its weights are from 0 to 63, above the real ones by `bias`. Types whose activations
 * are Q8_1 have a minimum too, which the sum of the activations is multiplied with.
 */
struct Q4_0 {
    using Block = block_q4_0;
    using Other = block_q8_0;
    static constexpr bool small = true;
    static constexpr int bias = 8;
    static void unpack(const Block & x, Vector & low, Vector & high) { nibbles(x.qs, low, high); }
};

struct Q4_1 {
    using Block = block_q4_1;
    using Other = block_q8_1;
    static constexpr bool small = true;
    static constexpr int bias = 0;
    static void unpack(const Block & x, Vector & low, Vector & high) { nibbles(x.qs, low, high); }
};

struct Q5_0 {
    using Block = block_q5_0;
    using Other = block_q8_0;
    static constexpr bool small = true;
    static constexpr int bias = 16;
    static void unpack(const Block & x, Vector & low, Vector & high) { five_bits(x.qs, x.qh, low, high); }
};

struct Q5_1 {
    using Block = block_q5_1;
    using Other = block_q8_1;
    static constexpr bool small = true;
    static constexpr int bias = 0;
    static void unpack(const Block & x, Vector & low, Vector & high) { five_bits(x.qs, x.qh, low, high); }
};

struct Q8_0 {
    using Block = block_q8_0;
    using Other = block_q8_0;
    static constexpr bool small = false;
    static constexpr int bias = 0;
    static void unpack(const Block & x, Vector & low, Vector & high) {
        low = wasm_v128_load(x.qs);
        high = wasm_v128_load(x.qs + 16);
    }
};

/* A block's 32 weights, as `dot` takes them. */
template <class W> inline void weights(const typename W::Block & x, Vector & low, Vector & high) {
    W::unpack(x, low, high);
#ifndef __wasm_relaxed_simd__
    low = wasm_i8x16_sub(low, wasm_i8x16_const_splat(W::bias));
    high = wasm_i8x16_sub(high, wasm_i8x16_const_splat(W::bias));
#endif
}

/* The 32 products with a block of activations, in four sums. */
template <class W> inline Vector dot(Vector y0, Vector w0, Vector y1, Vector w1) {
#ifdef __wasm_relaxed_simd__
    if constexpr (W::small) {
        const Vector bias = wasm_i8x16_const_splat(W::bias);
        Vector sum = pairs_small(y0, w0, y1, w1);
        if constexpr (W::bias != 0) sum = wasm_i16x8_sub(sum, pairs_small(y0, bias, y1, bias));
        return wasm_i32x4_dot_i16x8(sum, wasm_i16x8_const_splat(1));
    }
#endif
    return dot_signed(y0, w0, y1, w1);
}

template <class W> constexpr bool has_least = std::is_same_v<typename W::Other, block_q8_1>;

/* The minimum of a block's weights, and the sum of a block's activations; 0 where a type has none. */
inline float least_of(const block_q4_1 & x) { return half(x.m); }
inline float least_of(const block_q5_1 & x) { return half(x.m); }
template <class Block> float least_of(const Block &) { return 0; }
inline float sum_of_block(const block_q8_1 & y) { return half(y.s); }
inline float sum_of_block(const block_q8_0 &) { return 0; }

/* The first four bytes of four blocks: their scales, and in the upper halves the minima or sums where there are any. */
template <class Block> inline Vector four_heads(const Block * const * blocks, int64_t at) {
    Vector heads = wasm_v128_load32_zero(blocks[0] + at);
    heads = wasm_v128_load32_lane(blocks[1] + at, heads, 1);
    heads = wasm_v128_load32_lane(blocks[2] + at, heads, 2);
    return wasm_v128_load32_lane(blocks[3] + at, heads, 3);
}

/* F32 of the F16 in the upper halves, as simd-mappings.h makes it of four that lie together. */
inline Vector upper_halves(Vector heads) {
    return wasm_f32x4_mul(wasm_v128_and(wasm_i32x4_shr(heads, 3), wasm_i32x4_const_splat((int32_t) 0x8fffe000)),
                          wasm_f32x4_const_splat(0x1p112f));
}

inline Vector lower_halves(Vector heads) {
    return upper_halves(wasm_i32x4_shl(heads, 16));
}

/* Four rows, which are the lanes of a sum: so few registers hold sums that 16 of them do for four columns. */
template <class W, int COLUMNS> void four_rows_32(const Product & p, int64_t row, int64_t column) {
    const int64_t blocks = p.k / 32;
    const typename W::Block * x[4];
    const typename W::Other * y[COLUMNS];
    for (int i = 0; i < 4; i++) x[i] = (const typename W::Block *) (p.a + (row + i) * p.a_stride);
    for (int j = 0; j < COLUMNS; j++) y[j] = (const typename W::Other *) (p.b + (column + j) * p.b_stride);
    Vector sum[COLUMNS];
    for (auto & one : sum) one = wasm_f32x4_const_splat(0);
    for (int64_t b = 0; b < blocks; b++) {
        Vector low[4], high[4];
        for (int i = 0; i < 4; i++) weights<W>(x[i][b], low[i], high[i]);
        const Vector heads = four_heads(x, b), scale = lower_halves(heads), least = upper_halves(heads);
        for (int j = 0; j < COLUMNS; j++) {
            const Vector y_low = wasm_v128_load(y[j][b].qs), y_high = wasm_v128_load(y[j][b].qs + 16);
            Vector dots[4];
            for (int i = 0; i < 4; i++) dots[i] = dot<W>(y_low, low[i], y_high, high[i]);
            const Vector total = wasm_f32x4_convert_i32x4(sums_of(dots[0], dots[1], dots[2], dots[3]));
            sum[j] = multiply_add(total, wasm_f32x4_mul(scale, wasm_f32x4_splat(half(y[j][b].d))), sum[j]);
            if (has_least<W>) sum[j] = multiply_add(least, wasm_f32x4_splat(sum_of_block(y[j][b])), sum[j]);
        }
    }
    for (int j = 0; j < COLUMNS; j++) wasm_v128_store(p.c + (column + j) * p.c_stride + row, sum[j]);
}

/* One row; the lanes of a sum are parts of it. */
template <class W, int COLUMNS> void one_row_32(const Product & p, int64_t row, int64_t column) {
    const int64_t blocks = p.k / 32;
    const auto * x = (const typename W::Block *) (p.a + row * p.a_stride);
    const typename W::Other * y[COLUMNS];
    for (int j = 0; j < COLUMNS; j++) y[j] = (const typename W::Other *) (p.b + (column + j) * p.b_stride);
    Vector sum[COLUMNS];
    for (auto & one : sum) one = wasm_f32x4_const_splat(0);
    float shift[COLUMNS] = {};
    for (int64_t b = 0; b < blocks; b++) {
        Vector low, high;
        weights<W>(x[b], low, high);
        const float scale = half(x[b].d), least = least_of(x[b]);
        for (int j = 0; j < COLUMNS; j++) {
            const Vector products =
                dot<W>(wasm_v128_load(y[j][b].qs), low, wasm_v128_load(y[j][b].qs + 16), high);
            sum[j] = multiply_add(wasm_f32x4_convert_i32x4(products), wasm_f32x4_splat(scale * half(y[j][b].d)),
                                  sum[j]);
            if (has_least<W>) shift[j] += least * sum_of_block(y[j][b]);
        }
    }
    for (int j = 0; j < COLUMNS; j++) p.c[(column + j) * p.c_stride + row] = sum_of(sum[j]) + shift[j];
}

/* ---- types with 256 weights in a block, scales of their own for 16 or 32 ------------------------------------ */

/* A block unpacked: 0..63, a scale for each 16, and what each 16 activations are multiplied with in sum. */
struct Super {
    alignas(16) uint8_t q[256];
    alignas(16) int16_t scale[16];
    alignas(16) int16_t least[16];
    float d, d_least;
};

/* The eight 6-bit scales and minima of Q4_K and Q5_K, each for two groups of 16. */
inline void unpack_scales(const uint8_t * packed, Super & s) {
    for (int j = 0; j < 8; j++) {
        const int scale = j < 4 ? packed[j] & 63 : (packed[j + 4] & 15) | ((packed[j - 4] >> 6) << 4);
        const int least = j < 4 ? packed[j + 4] & 63 : (packed[j + 4] >> 4) | ((packed[j] >> 6) << 4);
        s.scale[2 * j] = s.scale[2 * j + 1] = (int16_t) scale;
        s.least[2 * j] = s.least[2 * j + 1] = (int16_t) least;
    }
}

inline void unpack(const block_q4_K & x, Super & s) {
    unpack_scales(x.scales, s);
    s.d = half(x.d);
    s.d_least = half(x.dmin);
    for (int j = 0; j < 4; j++) {
        for (int h = 0; h < 2; h++) {
            Vector low, high;
            nibbles(x.qs + 32 * j + 16 * h, low, high);
            wasm_v128_store(s.q + 64 * j + 16 * h, low);
            wasm_v128_store(s.q + 64 * j + 32 + 16 * h, high);
        }
    }
}

inline void unpack(const block_q5_K & x, Super & s) {
    unpack_scales(x.scales, s);
    s.d = half(x.d);
    s.d_least = half(x.dmin);
    const Vector sixteen = wasm_i8x16_splat(16);
    for (int h = 0; h < 2; h++) {
        Vector bits = wasm_v128_load(x.qh + 16 * h);
        for (int j = 0; j < 4; j++) {
            Vector low, high;
            nibbles(x.qs + 32 * j + 16 * h, low, high);
            low = wasm_v128_or(low, wasm_v128_and(wasm_i8x16_shl(bits, 4), sixteen));
            high = wasm_v128_or(high, wasm_v128_and(wasm_i8x16_shl(bits, 3), sixteen));
            bits = wasm_u8x16_shr(bits, 2);
            wasm_v128_store(s.q + 64 * j + 16 * h, low);
            wasm_v128_store(s.q + 64 * j + 32 + 16 * h, high);
        }
    }
}

inline void unpack(const block_q6_K & x, Super & s) {
    s.d = half(x.d);
    s.d_least = s.d;
    for (int j = 0; j < 16; j++) {
        s.scale[j] = x.scales[j];
        s.least[j] = (int16_t) (32 * x.scales[j]);
    }
    const Vector three = wasm_i8x16_splat(0x30);
    for (int part = 0; part < 2; part++) {
        for (int h = 0; h < 2; h++) {
            Vector q0, q1, q2, q3;
            nibbles(x.ql + 64 * part + 16 * h, q0, q2);
            nibbles(x.ql + 64 * part + 32 + 16 * h, q1, q3);
            const Vector bits = wasm_v128_load(x.qh + 32 * part + 16 * h);
            uint8_t * out = s.q + 128 * part + 16 * h;
            wasm_v128_store(out, wasm_v128_or(q0, wasm_v128_and(wasm_i8x16_shl(bits, 4), three)));
            wasm_v128_store(out + 32, wasm_v128_or(q1, wasm_v128_and(wasm_i8x16_shl(bits, 2), three)));
            wasm_v128_store(out + 64, wasm_v128_or(q2, wasm_v128_and(bits, three)));
            wasm_v128_store(out + 96, wasm_v128_or(q3, wasm_v128_and(wasm_u8x16_shr(bits, 2), three)));
        }
    }
}

template <class Block, int ROWS, int COLUMNS> void tile_256(const Product & p, int64_t row, int64_t column) {
    const int64_t blocks = p.k / QK_K;
    Vector sum[ROWS][COLUMNS];
    for (auto & of_row : sum) {
        for (auto & one : of_row) one = wasm_f32x4_const_splat(0);
    }
    Super s[ROWS];
    for (int64_t b = 0; b < blocks; b++) {
        for (int i = 0; i < ROWS; i++) unpack(((const Block *) (p.a + (row + i) * p.a_stride))[b], s[i]);
        for (int j = 0; j < COLUMNS; j++) {
            const block_q8_K & y = ((const block_q8_K *) (p.b + (column + j) * p.b_stride))[b];
            Vector dots[ROWS];
            for (auto & dot : dots) dot = wasm_i32x4_const_splat(0);
            for (int group = 0; group < 16; group += 2) {
                const Vector y0 = wasm_v128_load(y.qs + 16 * group), y1 = wasm_v128_load(y.qs + 16 * group + 16);
                for (int i = 0; i < ROWS; i++) {
                    const Vector w0 = wasm_v128_load(s[i].q + 16 * group);
                    const Vector w1 = wasm_v128_load(s[i].q + 16 * group + 16);
                    const Vector scale = wasm_i16x8_splat(s[i].scale[group]);
                    if (std::is_same_v<Block, block_q6_K>) {
                        const Vector other = wasm_i16x8_splat(s[i].scale[group + 1]);
                        dots[i] = wasm_i32x4_add(dots[i], dot_small(y0, w0, scale));
                        dots[i] = wasm_i32x4_add(dots[i], dot_small(y1, w1, other));
                    } else {
                        dots[i] = wasm_i32x4_add(dots[i], dot_small(y0, w0, y1, w1, scale));
                    }
                }
            }
            const Vector sums0 = wasm_v128_load(y.bsums), sums1 = wasm_v128_load(y.bsums + 8);
            for (int i = 0; i < ROWS; i++) {
                const Vector least = wasm_i32x4_add(wasm_i32x4_dot_i16x8(sums0, wasm_v128_load(s[i].least)),
                                                    wasm_i32x4_dot_i16x8(sums1, wasm_v128_load(s[i].least + 8)));
                sum[i][j] = multiply_add(wasm_f32x4_convert_i32x4(dots[i]), wasm_f32x4_splat(s[i].d * y.d), sum[i][j]);
                sum[i][j] =
                    multiply_add(wasm_f32x4_convert_i32x4(least), wasm_f32x4_splat(-s[i].d_least * y.d), sum[i][j]);
            }
        }
    }
    for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < COLUMNS; j++) p.c[(column + j) * p.c_stride + row + i] = sum_of(sum[i][j]);
    }
}

/* ---- floating point ------------------------------------------------------------------------------------------ */

inline Vector four(const float * x) {
    return wasm_v128_load(x);
}

inline Vector four(const ggml_half * x) {
    return GGML_F16x4_LOAD(x);
}

template <class Weight, int ROWS, int COLUMNS> void tile_float(const Product & p, int64_t row, int64_t column) {
    const Weight * x[ROWS];
    const float * y[COLUMNS];
    for (int i = 0; i < ROWS; i++) x[i] = (const Weight *) (p.a + (row + i) * p.a_stride);
    for (int j = 0; j < COLUMNS; j++) y[j] = (const float *) (p.b + (column + j) * p.b_stride);
    Vector sum[ROWS][COLUMNS];
    for (auto & of_row : sum) {
        for (auto & one : of_row) one = wasm_f32x4_const_splat(0);
    }
    for (int64_t l = 0; l < p.k; l += 4) {
        Vector w[ROWS];
        for (int i = 0; i < ROWS; i++) w[i] = four(x[i] + l);
        for (int j = 0; j < COLUMNS; j++) {
            const Vector v = four(y[j] + l);
            for (int i = 0; i < ROWS; i++) sum[i][j] = multiply_add(w[i], v, sum[i][j]);
        }
    }
    for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < COLUMNS; j++) p.c[(column + j) * p.c_stride + row + i] = sum_of(sum[i][j]);
    }
}

/* ---- a product as tiles, shared out to threads by rows ------------------------------------------------------- */

using Tile = void (*)(const Product &, int64_t row, int64_t column);

/* One product's tiles: of `rows` x `columns`, and what is left at both edges. */
struct Tiles {
    int rows, columns;
    Tile whole, last_columns, last_rows, last;
};

/* Rows `from` to `to` of C. */
void multiply(const Product & p, const Tiles & tiles, int64_t from, int64_t to) {
    int64_t row = from;
    /* With one column the time goes into reading the weights, which is fastest in the order in which they lie. */
    const int64_t tiled = p.n > 1 ? to : from;
    for (; row + tiles.rows <= tiled; row += tiles.rows) {
        int64_t column = 0;
        for (; column + tiles.columns <= p.n; column += tiles.columns) tiles.whole(p, row, column);
        for (; column < p.n; column++) tiles.last_columns(p, row, column);
    }
    for (; row < to; row++) {
        int64_t column = 0;
        for (; column + tiles.columns <= p.n; column += tiles.columns) tiles.last_rows(p, row, column);
        for (; column < p.n; column++) tiles.last(p, row, column);
    }
}

/* The same for F16 weights and several columns: a few rows at a time become F32, once for all columns. */
void multiply_widened(const Product & p, const Tiles & tiles, int64_t from, int64_t to) {
    static thread_local std::vector<float> wide;
    wide.resize((size_t) (tiles.rows * p.k));
    for (int64_t row = from; row < to; row += tiles.rows) {
        const int64_t rows = std::min<int64_t>(tiles.rows, to - row);
        for (int64_t i = 0; i < rows; i++) {
            const ggml_half * x = (const ggml_half *) (p.a + (row + i) * p.a_stride);
            for (int64_t l = 0; l < p.k; l += 4) wasm_v128_store(&wide[(size_t) (i * p.k + l)], four(x + l));
        }
        Product few = p;
        few.a = (const char *) wide.data();
        few.a_stride = p.k * (int64_t) sizeof(float);
        few.c = p.c + row;
        multiply(few, tiles, 0, rows);
    }
}

template <class W> constexpr Tiles of_32 = { 4, 4, four_rows_32<W, 4>, four_rows_32<W, 1>, one_row_32<W, 4>,
    one_row_32<W, 1> };
template <class B> constexpr Tiles of_256 = { 2, 4, tile_256<B, 2, 4>, tile_256<B, 2, 1>, tile_256<B, 1, 4>,
    tile_256<B, 1, 1> };
template <class W> constexpr Tiles of_floats = { 3, 4, tile_float<W, 3, 4>, tile_float<W, 3, 1>, tile_float<W, 1, 4>,
    tile_float<W, 1, 1> };

const Tiles * tiles_of(int a, int b) {
    if (b == GGML_TYPE_Q8_0) {
        switch (a) {
            case GGML_TYPE_Q4_0: return &of_32<Q4_0>;
            case GGML_TYPE_Q5_0: return &of_32<Q5_0>;
            case GGML_TYPE_Q8_0: return &of_32<Q8_0>;
        }
    } else if (b == GGML_TYPE_Q8_1) {
        switch (a) {
            case GGML_TYPE_Q4_1: return &of_32<Q4_1>;
            case GGML_TYPE_Q5_1: return &of_32<Q5_1>;
        }
    } else if (b == GGML_TYPE_Q8_K) {
        switch (a) {
            case GGML_TYPE_Q4_K: return &of_256<block_q4_K>;
            case GGML_TYPE_Q5_K: return &of_256<block_q5_K>;
            case GGML_TYPE_Q6_K: return &of_256<block_q6_K>;
        }
    } else if (b == GGML_TYPE_F32) {
        switch (a) {
            case GGML_TYPE_F32: return &of_floats<float>;
            case GGML_TYPE_F16: return &of_floats<ggml_half>;
        }
    }
    return nullptr;
}

}  // namespace

/* `k` and the strides of A and B come in blocks of their type. False where ggml has to compute it itself. */
bool llamafile_sgemm(const struct ggml_compute_params * params, int64_t m, int64_t n, int64_t k, const void * a,
                     int64_t a_stride, const void * b, int64_t b_stride, void * c, int64_t c_stride, int a_type,
                     int b_type, int c_type) {
    const Tiles * tiles = tiles_of(a_type, b_type);
    if (tiles == nullptr || c_type != GGML_TYPE_F32) return false;
    const int64_t elements = k * ggml_blck_size((ggml_type) a_type);
    if (ggml_blck_size((ggml_type) a_type) == 1 && elements % 4 != 0) return false;
    const Product product = { m, n, elements, (const char *) a, a_stride * (int64_t) ggml_type_size((ggml_type) a_type),
        (const char *) b, b_stride * (int64_t) ggml_type_size((ggml_type) b_type), (float *) c, c_stride };
    const int64_t groups = (m + tiles->rows - 1) / tiles->rows;
    const int64_t from = std::min(m, groups * params->ith / params->nth * tiles->rows);
    const int64_t to = std::min(m, groups * (params->ith + 1) / params->nth * tiles->rows);
    if (a_type == GGML_TYPE_F16 && n >= tiles->columns) {
        multiply_widened(product, of_floats<float>, from, to);
    } else {
        multiply(product, *tiles, from, to);
    }
    return true;
}
