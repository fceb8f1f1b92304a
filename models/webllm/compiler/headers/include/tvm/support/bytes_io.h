#pragma once
#include <tvm/ffi/string.h>
#include <tvm/support/io.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

namespace tvm {
namespace support {

class BytesInStream : public Stream {
 public:
  using Stream::Read;
  using Stream::Write;
  BytesInStream(const void* data, size_t size) : data_(static_cast<const char*>(data)), left_(size) {}
  explicit BytesInStream(const ffi::Bytes& bytes) : BytesInStream(bytes.data(), bytes.size()) {}
  explicit BytesInStream(const std::string& bytes) : BytesInStream(bytes.data(), bytes.size()) {}

  size_t Read(void* data, size_t size) override {
    size = std::min(size, left_);
    if (size) std::memcpy(data, data_, size);
    data_ += size;
    left_ -= size;
    return size;
  }

  size_t Write(const void*, size_t) override { std::abort(); }

 private:
  const char* data_;
  size_t left_;
};

class BytesOutStream : public Stream {
 public:
  using Stream::Read;
  using Stream::Write;
  explicit BytesOutStream(std::string* bytes) : bytes_(bytes) {}

  size_t Write(const void* data, size_t size) override {
    bytes_->append(static_cast<const char*>(data), size);
    return size;
  }

  size_t Read(void*, size_t) override { std::abort(); }

 private:
  std::string* bytes_;
};

}  // namespace support
}  // namespace tvm
