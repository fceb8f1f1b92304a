#pragma once
// The byte format of TVM's binary modules: little-endian scalars; a string or container is its size as uint64,
// then its items.
#include <dlpack/dlpack.h>
#include <tvm/ffi/container/array.h>
#include <tvm/ffi/container/map.h>
#include <tvm/ffi/string.h>
#include <tvm/support/io.h>

#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tvm {
namespace support {

template <typename T>
T EmptyValue() {
  if constexpr (std::is_default_constructible_v<T>) {
    return T();
  } else {
    return T(ffi::UnsafeInit{});
  }
}

template <typename T>
struct Serializer<T, std::enable_if_t<std::is_arithmetic_v<T> || std::is_enum_v<T>>> {
  static constexpr bool enabled = true;

  static void Write(Stream* stream, const T& value) {
    stream->Write(static_cast<const void*>(&value), sizeof(T));
  }

  static bool Read(Stream* stream, T* value) {
    return stream->Read(static_cast<void*>(value), sizeof(T)) == sizeof(T);
  }
};

template <typename Text>
struct TextSerializer {
  static constexpr bool enabled = true;

  static void Write(Stream* stream, const Text& text) {
    uint64_t size = text.size();
    stream->Write(size);
    if (size) stream->Write(static_cast<const void*>(text.data()), text.size());
  }

  static bool Read(Stream* stream, Text* text) {
    uint64_t size;
    if (!stream->Read(&size)) return false;
    std::string bytes(static_cast<size_t>(size), 0);
    if (size && stream->Read(static_cast<void*>(&bytes[0]), bytes.size()) != bytes.size()) return false;
    *text = Text(std::move(bytes));
    return true;
  }
};

template <>
struct Serializer<std::string> : TextSerializer<std::string> {};
template <>
struct Serializer<ffi::String> : TextSerializer<ffi::String> {};
template <>
struct Serializer<ffi::Bytes> : TextSerializer<ffi::Bytes> {};

template <typename T>
struct Serializer<std::vector<T>> {
  static constexpr bool enabled = true;

  static void Write(Stream* stream, const std::vector<T>& items) {
    uint64_t size = items.size();
    stream->Write(size);
    for (const auto& item : items) stream->Write(item);
  }

  static bool Read(Stream* stream, std::vector<T>* items) {
    uint64_t size;
    if (!stream->Read(&size)) return false;
    items->resize(static_cast<size_t>(size));
    for (auto& item : *items) {
      if (!stream->Read(&item)) return false;
    }
    return true;
  }
};

template <typename A, typename B>
struct Serializer<std::pair<A, B>> {
  static constexpr bool enabled = true;

  static void Write(Stream* stream, const std::pair<A, B>& pair) {
    stream->Write(pair.first);
    stream->Write(pair.second);
  }

  static bool Read(Stream* stream, std::pair<A, B>* pair) {
    return stream->Read(&pair->first) && stream->Read(&pair->second);
  }
};

template <typename K, typename V>
struct Serializer<std::unordered_map<K, V>> {
  static constexpr bool enabled = true;

  static void Write(Stream* stream, const std::unordered_map<K, V>& items) {
    uint64_t size = items.size();
    stream->Write(size);
    for (const auto& item : items) {
      stream->Write(item.first);
      stream->Write(item.second);
    }
  }

  static bool Read(Stream* stream, std::unordered_map<K, V>* items) {
    uint64_t size;
    if (!stream->Read(&size)) return false;
    items->clear();
    for (uint64_t i = 0; i < size; ++i) {
      K key;
      V value;
      if (!stream->Read(&key) || !stream->Read(&value)) return false;
      items->emplace(std::move(key), std::move(value));
    }
    return true;
  }
};

template <typename T>
struct Serializer<ffi::Array<T>> {
  static constexpr bool enabled = true;

  static void Write(Stream* stream, const ffi::Array<T>& items) {
    uint64_t size = items.size();
    stream->Write(size);
    for (size_t i = 0; i < items.size(); ++i) {
      T item = items[i];
      stream->Write(item);
    }
  }

  static bool Read(Stream* stream, ffi::Array<T>* items) {
    uint64_t size;
    if (!stream->Read(&size)) return false;
    *items = ffi::Array<T>();
    for (uint64_t i = 0; i < size; ++i) {
      T item = EmptyValue<T>();
      if (!stream->Read(&item)) return false;
      items->push_back(std::move(item));
    }
    return true;
  }
};

template <typename K, typename V>
struct Serializer<ffi::Map<K, V>> {
  static constexpr bool enabled = true;

  static void Write(Stream* stream, const ffi::Map<K, V>& items) {
    uint64_t size = items.size();
    stream->Write(size);
    for (const auto& item : items) {
      K key = item.first;
      V value = item.second;
      stream->Write(key);
      stream->Write(value);
    }
  }

  static bool Read(Stream* stream, ffi::Map<K, V>* items) {
    uint64_t size;
    if (!stream->Read(&size)) return false;
    *items = ffi::Map<K, V>();
    for (uint64_t i = 0; i < size; ++i) {
      K key = EmptyValue<K>();
      V value = EmptyValue<V>();
      if (!stream->Read(&key) || !stream->Read(&value)) return false;
      items->Set(std::move(key), std::move(value));
    }
    return true;
  }
};

template <>
struct Serializer<DLDataType> {
  static constexpr bool enabled = true;

  static void Write(Stream* stream, const DLDataType& type) {
    stream->Write(type.code);
    stream->Write(type.bits);
    stream->Write(type.lanes);
  }

  static bool Read(Stream* stream, DLDataType* type) {
    return stream->Read(&type->code) && stream->Read(&type->bits) && stream->Read(&type->lanes);
  }
};

template <>
struct Serializer<DLDevice> {
  static constexpr bool enabled = true;

  static void Write(Stream* stream, const DLDevice& device) {
    stream->Write(static_cast<int32_t>(device.device_type));
    stream->Write(static_cast<int32_t>(device.device_id));
  }

  static bool Read(Stream* stream, DLDevice* device) {
    int32_t type, index;
    if (!stream->Read(&type) || !stream->Read(&index)) return false;
    device->device_type = static_cast<DLDeviceType>(type);
    device->device_id = index;
    return true;
  }
};

}  // namespace support
}  // namespace tvm
