#pragma once
#include <cstdint>
#include <cstring>

// Half to single precision, the one of compiler-rt's conversions that TVM's runtime uses (sort.cc).
template <typename Source, typename SourceBits, int SourceFraction, typename Target, typename TargetBits,
          int TargetFraction>
static inline Target __extendXfYf2__(Source half) {
  uint32_t sign = static_cast<uint32_t>(half & 0x8000u) << 16;
  uint32_t exponent = (half >> 10) & 31u;
  uint32_t fraction = half & 1023u;
  uint32_t bits = sign;
  if (exponent == 31) {
    bits |= 0x7f800000u | (fraction << 13);
  } else if (exponent != 0) {
    bits |= ((exponent + 112u) << 23) | (fraction << 13);
  } else if (fraction != 0) {
    int shift = 0;
    while (!(fraction & 1024u)) {
      fraction <<= 1;
      ++shift;
    }
    bits |= (static_cast<uint32_t>(113 - shift) << 23) | ((fraction & 1023u) << 13);
  }
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}
