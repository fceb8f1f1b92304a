#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <vector>

namespace tvm {
namespace support {

// A queue of bytes with the interface that TVM's RPC endpoint uses.
class RingBuffer {
 public:
  size_t bytes_available() const { return bytes_.size() - head_; }
  size_t capacity() const { return bytes_.capacity(); }
  void Reserve(size_t count) { bytes_.reserve(count + head_); }

  void Read(void* data, size_t count) {
    std::memcpy(data, bytes_.data() + head_, count);
    Pop(count);
  }

  void Write(const void* data, size_t count) {
    const char* begin = static_cast<const char*>(data);
    bytes_.insert(bytes_.end(), begin, begin + count);
  }

  template <typename Callback>
  size_t ReadWithCallback(Callback callback, size_t most) {
    size_t count = callback(bytes_.data() + head_, std::min(most, bytes_available()));
    Pop(count);
    return count;
  }

  template <typename Callback>
  size_t WriteWithCallback(Callback callback, size_t most) {
    size_t before = bytes_.size();
    bytes_.resize(before + most);
    size_t count = callback(bytes_.data() + before, most);
    bytes_.resize(before + count);
    return count;
  }

 private:
  void Pop(size_t count) {
    head_ += count;
    if (head_ == bytes_.size()) {
      bytes_.clear();
      head_ = 0;
    }
  }

  std::vector<char> bytes_;
  size_t head_ = 0;
};

}  // namespace support
}  // namespace tvm
