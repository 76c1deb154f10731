// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/gzip.h"

#include <zlib.h>

#include <memory>
#include <new>

namespace pgrepl {
namespace {

constexpr int kLevel = 1;
constexpr int kGzipFormat = 15 + 16;  // the largest window; 16 asks for gzip's header
constexpr int kMemoryLevel = 8;       // zlib's own default

struct EndDeflate {
  void operator()(z_stream* stream) const { deflateEnd(stream); }
};

}  // namespace

std::string gzip(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipFormat, kMemoryLevel, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::bad_alloc();
  }
  const std::unique_ptr<z_stream, EndDeflate> end(&stream);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  // zlib reads through this pointer only
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::bad_alloc();
  packed.resize(stream.total_out);
  return packed;
}

}  // namespace pgrepl
