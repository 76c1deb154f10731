// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/exchange.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "exporter/collect/clock.h"
#include "exporter/collect/postgres/connect_error.h"
#include "exporter/collect/postgres/slow_facts.h"

namespace pgrepl {
namespace {

// Indices of the statements that tell what there is no answer without.
constexpr std::size_t kWhole = 0;
constexpr std::size_t kNodeState = 1;  ///< instead of the whole, the first of its parts

bool is_slow(std::size_t index) { return statements()[index].group == StatementGroup::slow; }

}  // namespace

Exchange::Exchange(PGconn* connection, NodeState& state, std::function<void()> on_position)
    : connection_(connection),
      state_(state),
      on_position_(std::move(on_position)),
      pipeline_(connection),
      unprepared_(statements().size()),
      awaited_(statements().size(), false) {}

Exchange::Progress Exchange::prepare() {
  preparing_ = true;
  const int version = PQserverVersion(connection_);
  bool all = true;
  for (std::size_t i = 0; i < statements().size(); ++i) {
    const Statement& statement = statements()[i];
    all = all && pipeline_.prepare(i, statement.name, statement_sql(statement, version)) &&
          pipeline_.sync();
  }
  return sent(all);
}

Exchange::Progress Exchange::query(bool with_slow) {
  preparing_ = false;
  tries_ = 0;
  return try_query(with_slow);
}

Exchange::Progress Exchange::try_query(bool with_slow) {
  ++tries_;
  core_failure_.reset();
  state_failure_.reset();
  last_words_.reset();
  awaited_.assign(statements().size(), false);
  NodeState fresh;
  keep_slow_facts(state_, fresh);
  state_ = std::move(fresh);
  state_.server_version_num = PQserverVersion(connection_);
  const char* version = PQparameterStatus(connection_, "server_version");
  state_.server_version = version != nullptr ? version : "";
  state_.position_read.began = steady_now();
  bool all = !one_by_one_ || send(StatementGroup::part, one_by_one_);
  all = all && send(StatementGroup::core, one_by_one_);
  if (with_slow) all = all && send(StatementGroup::slow, /*one_by_one=*/true);
  return sent(all);
}

bool Exchange::send(StatementGroup group, bool one_by_one) {
  bool all = true;
  for (std::size_t i = 0; i < statements().size(); ++i) {
    const bool is_in_parts = i == kWhole && one_by_one;
    if (statements()[i].group != group || is_in_parts) continue;
    if (unprepared_[i]) {
      apply(i, Failed{*unprepared_[i]});
      continue;
    }
    awaited_[i] = true;
    all = all && pipeline_.execute(i, statements()[i].name);
    if (one_by_one) all = all && pipeline_.sync();
  }
  return all && (one_by_one || pipeline_.sync());
}

Exchange::Progress Exchange::sent(bool all) {
  if (!all || !pipeline_.flush()) return Progress::broken;
  // Where no statement could be prepared nothing is sent, and no answer would ever come.
  return pipeline_.idle() ? Progress::done : Progress::waiting;
}

Exchange::Progress Exchange::advance() {
  const auto take = [this](std::size_t index, const PGresult& result) { on_answer(index, result); };
  if (pipeline_.wants_to_write() && !pipeline_.flush()) return Progress::broken;
  if (!pipeline_.receive(take)) return Progress::broken;
  if (!pipeline_.idle()) return Progress::waiting;
  if (preparing_) return Progress::done;
  if (core_failure_ && !one_by_one_) {
    one_by_one_ = tries_ > 1;
    return try_query(/*with_slow=*/false);
  }
  if (!core_failure_) one_by_one_ = false;
  return Progress::done;
}

void Exchange::on_answer(std::size_t index, const PGresult& result) {
  const ExecStatusType status = PQresultStatus(&result);
  // Another statement's failure, which is known already.
  if (status == PGRES_PIPELINE_ABORTED || status == PGRES_COMMAND_OK) return;
  awaited_[index] = false;
  if (status == PGRES_TUPLES_OK) {
    apply(index, &result);
    return;
  }
  last_words_ = failure_of(index, result);
  if (preparing_) {
    unprepared_[index] = last_words_;
  } else {
    apply(index, Failed{*last_words_});
  }
}

void Exchange::apply(std::size_t index, const StatementOutcome& outcome) {
  const std::optional<Failure> failure = statements()[index].apply(outcome, steady_now(), state_);
  if (failure && !is_slow(index) && !core_failure_) core_failure_ = failure;
  if (index != kWhole && index != kNodeState) return;
  state_failure_ = failure;
  if (!failure) on_position_();
}

bool Exchange::needs_new_connection() const {
  return std::ranges::any_of(unprepared_, [](const std::optional<Failure>& failure) {
    return failure && failure->reason != FailureClass::permission &&
           failure->reason != FailureClass::query_failed;
  });
}

Failure Exchange::failure_of(std::size_t index, const PGresult& result) const {
  const auto text_of = [&result](int field) {
    const char* text = PQresultErrorField(&result, field);
    return std::string_view(text != nullptr ? text : "");
  };
  const char* password = PQpass(connection_);
  return classify_statement_error({.sqlstate = text_of(PG_DIAG_SQLSTATE),
                                   .text = text_of(PG_DIAG_MESSAGE_PRIMARY),
                                   .statement = statements()[index].name,
                                   .password = password != nullptr ? password : "",
                                   .source_function = text_of(PG_DIAG_SOURCE_FUNCTION)});
}

bool Exchange::has_core() const {
  if (preparing_ || state_failure_ || (core_failure_ && !one_by_one_)) return false;
  for (std::size_t i = 0; i < awaited_.size(); ++i) {
    if (awaited_[i] && !is_slow(i)) return false;
  }
  return true;
}

void Exchange::give_up_slow(const Failure& failure) {
  for (std::size_t i = 0; i < awaited_.size(); ++i) {
    if (awaited_[i]) apply(i, Failed{failure});
  }
}

}  // namespace pgrepl
