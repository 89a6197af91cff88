// lode config show: every setting, its value and where it came from.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/config_keys.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/flow/fitted.h"
#include "lode/flow/flow.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/io/net/places.h"
#include "lode/io/net/proxy.h"

namespace lode {

namespace {

// Keys and tokens are not shown, only that they are there; of an address neither its name and password nor a key in it.
Value shown(const Setting& setting) {
  if (!setting.value.is_text() || setting.value.as_text().empty()) {
    return setting.value;
  }
  const std::string& text = setting.value.as_text();
  if (is_secret_key(setting.key)) {
    return Value("(set, not shown)");
  }
  if (setting.key == "net.proxy") {
    return Value(net::shown_proxy(text));
  }
  return setting.key.ends_with("_url") ? Value(net::shown_address(text)) : setting.value;
}

Result<Outcome> run(World& world, const Request& request) {
  using Align = TextTable::Align;
  TextTable table(
      {{"key", Align::kLeft, 4}, {"value", Align::kLeft, 3}, {"from", Align::kLeft, 2}, {"meaning", Align::kLeft, 1}});
  Value rows = Value::array();
  const auto keys = Config::keys();
  std::size_t index = 0;
  for (const Setting& setting : world.config.settings()) {
    const Value value = shown(setting);
    table.add({setting.key, value.is_text() ? value.as_text() : to_json(value), setting.origin, keys[index++].summary});
    Value row = Value::object();
    row.set("key", Value(setting.key));
    row.set("value", value);
    row.set("from", Value(setting.origin));
    rows.push(std::move(row));
  }
  Outcome out;
  out.data = Value::object();
  out.data.set("settings", std::move(rows));
  out.text = flow::fitted(world, table);
  return flow::in_format(std::move(out), "settings", {"key", "value", "from"}, request);
}

}  // namespace

const Flow& flow_config_show() {
  static const Flow flow{
      {.noun = "config",
       .verb = "show",
       .summary = "every setting, its value and where it came from",
       .description = "Flag wins over LODE_* variable, over ./lode.toml, over the user's file, over the "
                      "built-in value. An unknown key is an error that names the nearest.",
       .journey = Journey::kOperate,
       .parameters = {flow::rows_format_parameter()},
       .examples = {{"lode config show", "all settings"}},
       .schema = "lode.config.show/1"},
      run};
  return flow;
}

}  // namespace lode
