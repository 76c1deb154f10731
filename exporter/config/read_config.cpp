// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/read_config.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "exporter/config/document.h"
#include "exporter/config/file_text.h"
#include "exporter/config/problems.h"
#include "exporter/config/read_cluster.h"
#include "exporter/config/read_exporter.h"
#include "exporter/config/read_thresholds.h"
#include "exporter/config/table_reader.h"

namespace pgrepl {
namespace {

namespace fs = std::filesystem;

/// Reads the main file, then conf.d, into one Config.
class ConfigReader {
 public:
  Result<Config, std::vector<Problem>> read(const std::string& path) {
    const bool main_is_known = read_main_file(path);
    thresholds_.is_whole = main_is_known;
    for (const std::string& further : further_files(path)) read_further_file(further);
    if (main_is_known && !any_cluster_) {
      problems_.add({}, "no [[cluster]] is configured: there is nothing to watch");
    }
    if (!problems_.empty()) return Failed{problems_.in_order()};
    return std::move(config_);
  }

 private:
  std::optional<Value> read_document(const std::string& path) {
    constexpr std::size_t kMostBytes = 16 << 20;
    const std::size_t file = problems_.add_file(path);
    const auto text = read_file_text(path, kMostBytes, Privacy::any);
    if (text) {
      any_file_ = true;
      return parse_document(*text, file, problems_);
    }
    problems_.add({.file = file}, text.error());
    return std::nullopt;
  }

  /// Whether it could be read as TOML at all.
  bool read_main_file(const std::string& path) {
    const auto document = read_document(path);
    if (!document) return false;
    TableReader reader{*document, "the file", problems_};
    const Value empty;
    const Value* exporter = reader.table("exporter");
    config_.exporter =
        read_exporter(exporter == nullptr ? empty : *exporter, directory_of(path), problems_);
    if (const Value* limits = reader.table("thresholds")) {
      thresholds_.written = read_thresholds(*limits, "[thresholds]", {}, problems_);
    }
    read_clusters(reader, path);
    reader.report_unknown_keys();
    return true;
  }

  void read_further_file(const std::string& path) {
    const auto document = read_document(path);
    if (!document) return;
    TableReader reader{*document, "a file of conf.d", problems_};
    for (const std::string_view key : {"exporter", "thresholds"}) {
      if (const Key* found = reader.find(key)) {
        problems_.add(found->place, "[" + std::string{key} +
                                        "] belongs into the main file; a file of "
                                        "conf.d holds [[cluster]] only");
      }
    }
    read_clusters(reader, path);
    reader.report_unknown_keys();
  }

  void read_clusters(TableReader& reader, const std::string& path) {
    any_cluster_ = any_cluster_ || reader.find("cluster") != nullptr;
    const std::vector<Value>* tables = reader.tables("cluster");
    if (tables == nullptr) return;
    const ClusterSetting setting{directory_of(path), config_.exporter, thresholds_};
    for (const Value& table : *tables) {
      ClusterConfig cluster = read_cluster(table, setting, problems_);
      check_distinct(cluster.name, table.place);
      config_.clusters.push_back(std::move(cluster));
    }
  }

  void check_distinct(const std::string& name, Place place) {
    const auto same = [&](const ClusterConfig& other) { return other.name == name; };
    if (!name.empty() && std::any_of(config_.clusters.begin(), config_.clusters.end(), same)) {
      problems_.add(place, "there are two clusters named " + in_quotes(name));
    }
  }

  static std::string directory_of(const std::string& path) {
    return fs::path{path}.parent_path().string();
  }

  /// conf.d/*.toml beside the main file, by name.
  std::vector<std::string> further_files(const std::string& path) {
    const fs::path folder = fs::path{path}.parent_path() / "conf.d";
    std::vector<std::string> files;
    std::error_code error;
    for (fs::directory_iterator entry{folder, error}, end; !error && entry != end;
         entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (name.ends_with(".toml") && !name.starts_with('.'))
        files.push_back(entry->path().string());
    }
    // where not even the main file can be reached, it has told why
    if (any_file_ && error && error != std::errc::no_such_file_or_directory) {
      problems_.add({.file = problems_.add_file(folder.string())}, errno_words(error.value()));
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  Problems problems_;
  Config config_;
  LevelAbove thresholds_;
  bool any_file_ = false;  ///< could be read
  bool any_cluster_ = false;
};

}  // namespace

Result<Config, std::vector<Problem>> read_config(const std::string& path) {
  return ConfigReader{}.read(path);
}

}  // namespace pgrepl
