#pragma once
// Only JSON with tensors inside is base64; no chat model has any, so that these need only compile.
#include <tvm/support/io.h>

#include <cstdlib>
#include <string>

namespace tvm {
namespace support {

class Base64InStream : public Stream {
 public:
  using Stream::Read;
  using Stream::Write;
  explicit Base64InStream(Stream*) {}
  void InitPosition() {}
  size_t Read(void*, size_t) override { std::abort(); }
  size_t Write(const void*, size_t) override { std::abort(); }
};

class Base64OutStream : public Stream {
 public:
  using Stream::Read;
  using Stream::Write;
  explicit Base64OutStream(Stream*) {}
  void Finish() {}
  size_t Read(void*, size_t) override { std::abort(); }
  size_t Write(const void*, size_t) override { std::abort(); }
};

inline std::string Base64Encode(const std::string&) { std::abort(); }
inline std::string Base64Decode(const std::string&) { std::abort(); }

}  // namespace support
}  // namespace tvm
