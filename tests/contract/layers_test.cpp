// SPDX-License-Identifier: Apache-2.0
// The one law of the house, and a proof that its scanner bites.
#include "tests/contract/layers.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/checkout.h"
#include "tests/support/temp_directory.h"

namespace pgrepl::test {
namespace {

const std::vector<SourceFile>& our_files() {
  static const std::vector<SourceFile> kFiles = read_source_tree(checkout());
  return kFiles;
}

using Rule = Faults (*)(const std::vector<SourceFile>&);

/// What a rule says of one made-up file in a tree of its own.
Faults judged(Rule rule, const std::string& path, const std::string& line) {
  const TempDirectory root;
  std::filesystem::create_directories((root.path() / path).parent_path());
  write_file(root.path() / path, "// a file\n" + line + "\n");
  return rule(read_source_tree(root.path()));
}

TEST(Layers, AreKeptByEveryInclude) {
  EXPECT_GT(our_files().size(), 50U);
  const Faults faults = layer_faults(our_files());
  EXPECT_TRUE(faults.empty()) << listed(faults);
}

TEST(Layers, KeepThirdPartyHeadersInTheirFolders) {
  const Faults faults = third_party_faults(our_files());
  EXPECT_TRUE(faults.empty()) << listed(faults);
}

TEST(Layers, KeepTheCorePure) {
  const Faults faults = purity_faults(our_files());
  EXPECT_TRUE(faults.empty()) << listed(faults);
}

TEST(LayerScanner, NamesFileLineAndHeader) {
  EXPECT_EQ(judged(layer_faults, "checks/base/x.h", "#include \"exporter/config/config.h\""),
            Faults{"checks/base/x.h:2: must not include exporter/config/config.h"});
}

struct Case {
  Rule rule;
  std::string path, line;
};

TEST(LayerScanner, FindsWhatIsForbidden) {
  const std::vector<Case> forbidden{
      {layer_faults, "checks/model/x.h", "#include \"checks/analysis/a.h\""},
      {layer_faults, "checks/analysis/x.h", "#include \"checks/thresholds/a.h\""},
      {layer_faults, "checks/plugin/x.cpp", "#include \"checks/model/a.h\""},
      {layer_faults, "checks/judge/x.cpp", "  #  include \"alerts/a.h\""},
      {layer_faults, "checks/nagios/x.cpp", "#include \"dashboards/a.h\""},
      {layer_faults, "checks/brand_new/x.cpp", "#include \"exporter/a.h\""},
      {layer_faults, "checks/base/x.cpp", "#include \"../../exporter/a.h\""},
      {layer_faults, "checks/base/x.cpp", "#include \"neighbour.h\""},
      {layer_faults, "exporter/config/x.cpp", "#include \"exporter/app/a.h\""},
      {layer_faults, "exporter/app/x.cpp", "#include \"tests/support/a.h\""},
      {layer_faults, "checks/plugin/x.cpp", "#include <exporter/config/config.h>"},
      {layer_faults, "checks/plugin/x.cpp", "#include <checks/model/a.h>"},
      {layer_faults, "checks/plugin/x.cpp", "#include <alerts/a.h>"},
      {layer_faults, "checks/plugin/x.cpp", "#include <dashboards/a.h>"},
      {layer_faults, "checks/plugin/x.cpp", "#include <../exporter/a.h>"},
      {layer_faults, "checks/plugin/x.cpp", "#include \"checks/plugin/../../exporter/a.h\""},
      {layer_faults, "checks/plugin/x.cpp", "#include \"checks/base/../model/a.h\""},
      {layer_faults, "checks/plugin/x.cpp", "#include </srv/exporter/a.h>"},
      {layer_faults, "checks/plugin/x.cpp", "#include A_HEADER"},
      {layer_faults, "exporter/config/x.cpp", "#include <exporter/app/a.h>"},
      {layer_faults, "exporter/app/x.cpp", "#include <tests/support/a.h>"},
      {third_party_faults, "exporter/app/x.cpp", "#include <civetweb.h>"},
      {third_party_faults, "exporter/publish/x.cpp", "#include <libpq-fe.h>"},
      {third_party_faults, "checks/plugin/x.cpp", "#include <CLI/CLI.hpp>"},
      {third_party_faults, "checks/plugin/x.cpp", "#include <curl/curl.h>"},
      {third_party_faults, "checks/plugin/x.cpp", "#include <sys/epoll.h>"},
      {third_party_faults, "exporter/collect/x.cpp", "#include <curl/curl.h>"},
      {third_party_faults, "tests/unit/x.cpp", "#include <boost/any.hpp>"},
      {purity_faults, "checks/base/x.cpp", "#include <fstream>"},
      {purity_faults, "checks/analysis/x.cpp", "#include <unistd.h>"},
      {purity_faults, "checks/catalogue/x.cpp", "#include <prometheus/gauge.h>"},
      {purity_faults, "checks/analysis/x.cpp", "auto now = std::chrono::steady_clock::now();"},
      {purity_faults, "checks/judge/x.cpp", "const auto t = std::time(nullptr);"},
      {purity_faults, "checks/nagios/x.cpp", "  std::printf(text);"},
  };
  for (const Case& one : forbidden)
    EXPECT_FALSE(judged(one.rule, one.path, one.line).empty()) << one.path << ": " << one.line;
}

TEST(LayerScanner, LeavesAloneWhatIsAllowed) {
  const std::vector<Case> allowed{
      {layer_faults, "checks/model/x.h", "#include \"checks/base/range.h\""},
      {layer_faults, "exporter/publish/x.cpp", "#include \"checks/nagios/a.h\""},
      {layer_faults, "exporter/main.cpp", "#include \"exporter/app/a.h\""},
      {layer_faults, "checks/model/x.h", "#include <checks/base/range.h>"},
      {third_party_faults, "exporter/publish/x.cpp", "#include <civetweb.h>"},
      {third_party_faults, "exporter/collect/x.cpp", "#include <sys/epoll.h>"},
      {third_party_faults, "checks/plugin/x.cpp", "#include <sys/socket.h>"},
      {third_party_faults, "checks/plugin/x.cpp", "#include <map>"},
      {purity_faults, "checks/base/x.cpp", "#include <vector>  // as <fstream> is not"},
      {purity_faults, "checks/base/x.cpp", "// steady_clock::now() is not called here"},
      {purity_faults, "checks/plugin/x.cpp", "#include <unistd.h>"},
      {purity_faults, "exporter/app/x.cpp", "auto now = std::chrono::steady_clock::now();"},
  };
  for (const Case& one : allowed)
    EXPECT_TRUE(judged(one.rule, one.path, one.line).empty()) << one.path << ": " << one.line;
}

}  // namespace
}  // namespace pgrepl::test
