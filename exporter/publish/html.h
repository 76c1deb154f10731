// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace pgrepl {

/// A text made fit to stand in HTML, between tags and in quoted attributes: names and messages come
/// from servers, and none of them may become markup.  Pure.
std::string html_escape(std::string_view text);

/// "<tag attributes>text</tag>" with the text escaped; `attributes` is ours and stays as it is.
/// Pure.
std::string html_element(std::string_view tag, std::string_view text,
                         std::string_view attributes = {});

/// A table row of cells with escaped texts.  Pure.
std::string html_row(std::string_view cell_tag, std::initializer_list<std::string_view> texts);

}  // namespace pgrepl
