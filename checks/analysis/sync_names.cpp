// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/sync_names.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace pgrepl {
namespace {

// --- words ---------------------------------------------------------------------------------------

enum class Kind { name, number, any, first, comma, open, close, junk, unterminated, end };

struct Token {
  Kind kind = Kind::end;
  std::string text;    ///< a quoted name without its quotes
  std::size_t at = 0;  ///< its first byte
};

bool is_blank(char c) { return std::string_view{" \t\n\r\f\v"}.find(c) != std::string_view::npos; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool continues_name(char c) { return begins_name(c) || is_digit(c) || c == '$'; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Token next() {
    take_while(is_blank);
    const std::size_t at = at_;
    if (at == text_.size()) return {.kind = Kind::end, .text = {}, .at = at};
    const char c = text_[at];
    if (c == '"') return quoted();
    if (is_digit(c)) return {.kind = Kind::number, .text = take_while(is_digit), .at = at};
    if (begins_name(c)) return word();
    ++at_;
    return {.kind = mark(c), .text = std::string{c}, .at = at};
  }

 private:
  template <class Test>
  std::string take_while(Test fits) {
    const std::size_t from = at_;
    while (at_ < text_.size() && fits(text_[at_])) ++at_;
    return std::string{text_.substr(from, at_ - from)};
  }

  Token word() {
    const std::size_t at = at_;
    std::string text = take_while(continues_name);
    const Kind kind = is_same_standby(text, "any")     ? Kind::any
                      : is_same_standby(text, "first") ? Kind::first
                                                       : Kind::name;
    return {.kind = kind, .text = std::move(text), .at = at};
  }

  Token quoted() {
    Token token{.kind = Kind::name, .text = {}, .at = at_};
    for (++at_; at_ < text_.size(); ++at_) {
      const bool quote = text_[at_] == '"';
      const bool doubled = quote && text_.substr(at_ + 1, 1) == "\"";
      if (doubled) ++at_;
      if (quote && !doubled) {
        ++at_;
        return token;
      }
      token.text += text_[at_];
    }
    token.kind = Kind::unterminated;
    return token;
  }

  static Kind mark(char c) {
    switch (c) {
      case ',':
        return Kind::comma;
      case '(':
        return Kind::open;
      case ')':
        return Kind::close;
      case '*':  // a name like another
        return Kind::name;
      default:
        return Kind::junk;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// --- grammar -------------------------------------------------------------------------------------

/// PostgreSQL's reading of a count, which it takes by atoi(): digits beyond an int wrap around.
int count_of(const std::string& digits) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{}) value = std::numeric_limits<std::int64_t>::max();
  return static_cast<int>(static_cast<std::uint32_t>(value));
}

class Parser {
 public:
  explicit Parser(std::string_view setting) : scanner_(setting) { advance(); }

  Result<SyncNames, std::string> parse() {
    SyncNames demand{.count = 1};
    const bool counted = read_count(demand);
    if (!problem_) read_list(demand);
    if (counted && !problem_) expect(Kind::close, "',' or ')'");
    if (!problem_ && token_.kind != Kind::end) complain(counted ? "the end" : "','");
    if (problem_) return Failed{*problem_};
    return demand;
  }

 private:
  /// "FIRST n (", "ANY n (" or "n (", if the setting begins so.
  bool read_count(SyncNames& demand) {
    const bool worded = token_.kind == Kind::any || token_.kind == Kind::first;
    if (token_.kind == Kind::any) demand.method = SyncMethod::quorum;
    if (worded) advance();
    if (worded && token_.kind != Kind::number) complain("a number");
    if (problem_ || token_.kind != Kind::number) return worded;
    const Token number = token_;
    advance();
    if (!worded && token_.kind != Kind::open) {  // a name that is made of digits
      demand.names.push_back(number.text);
      return false;
    }
    expect(Kind::open, "'('");
    demand.count = count_of(number.text);
    if (!problem_ && demand.count < 1) {
      problem_ = place(number.at) + "the number of standbys must be greater than zero";
    }
    return true;
  }

  void read_list(SyncNames& demand) {
    const bool has_first = !demand.names.empty();
    if (!has_first) read_name(demand);
    while (!problem_ && token_.kind == Kind::comma) {
      advance();
      read_name(demand);
    }
  }

  void read_name(SyncNames& demand) {
    if (token_.kind != Kind::name && token_.kind != Kind::number) return complain("a name");
    demand.names.push_back(token_.text);
    advance();
  }

  void expect(Kind kind, std::string_view what) {
    if (token_.kind == kind) {
      advance();
    } else {
      complain(what);
    }
  }

  void advance() {
    before_ = token_.kind;
    token_ = scanner_.next();
  }

  void complain(std::string_view expected) {
    if (problem_) return;
    problem_ = place(token_.at);
    if (token_.kind == Kind::unterminated) {
      *problem_ += "the closing quote is missing";
    } else if (token_.kind == Kind::junk && before_ == Kind::name) {
      *problem_ += "a name with '" + token_.text + "' in it must stand in double quotes";
    } else if (token_.kind == Kind::end) {
      *problem_ += "expected " + std::string{expected} + ", and the text ends";
    } else if (token_.kind == Kind::any || token_.kind == Kind::first) {
      *problem_ += "a standby called " + token_.text + " must stand in double quotes";
    } else {
      *problem_ += "expected " + std::string{expected} + ", found '" + token_.text + "'";
    }
  }

  static std::string place(std::size_t at) { return "character " + std::to_string(at + 1) + ": "; }

  Scanner scanner_;
  Token token_;
  Kind before_ = Kind::end;
  std::optional<std::string> problem_;
};

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

}  // namespace

Result<SyncNames, std::string> parse_sync_names(std::string_view setting) {
  if (setting.empty()) return SyncNames{};
  return Parser{setting}.parse();
}

std::string to_setting(const SyncNames& demand) {
  if (demand.count == 0) return {};
  std::string text = demand.method == SyncMethod::quorum ? "ANY " : "FIRST ";
  text += std::to_string(demand.count) + " (";
  for (const std::string& name : demand.names) {
    text += (&name == &demand.names.front() ? "" : ", ") + quoted(name);
  }
  return text + ')';
}

bool is_same_standby(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool names_standby(const SyncNames& demand, std::string_view application_name) {
  return std::ranges::any_of(demand.names, [&](const std::string& name) {
    return name == "*" || is_same_standby(name, application_name);
  });
}

}  // namespace pgrepl
