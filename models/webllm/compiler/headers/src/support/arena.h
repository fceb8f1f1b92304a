#pragma once
#include <cstddef>
#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

namespace tvm {
namespace support {

// Part of the interface, not used by Arena here.
struct ArenaPageHeader {
  ArenaPageHeader* next;
  size_t size;
  size_t offset;
};

// Everything allocated lives until RecycleAll or FreeAll.
class Arena {
 public:
  ~Arena() { FreeAll(); }

  template <typename T>
  T* allocate_(int count = 1) {
    size_t bytes = sizeof(T) * (count > 0 ? count : 1);
    void* block = std::aligned_alloc(16, (bytes + 15) / 16 * 16);
    blocks_.push_back(block);
    return static_cast<T*>(block);
  }

  template <typename T, typename... Arguments>
  T* make(Arguments&&... arguments) {
    T* block = allocate_<T>();
    new (block) T(std::forward<Arguments>(arguments)...);
    return block;
  }

  void RecycleAll() { FreeAll(); }

  void FreeAll() {
    for (void* block : blocks_) std::free(block);
    blocks_.clear();
  }

 private:
  std::vector<void*> blocks_;
};

}  // namespace support
}  // namespace tvm
