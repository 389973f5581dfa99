#include "impl/app/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "impl/app/option_table.hpp"

namespace twostep::app {
namespace {

using ::testing::HasSubstr;

std::variant<Invocation, Exit> read(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "twostep-server");
  return read_command_line(static_cast<int>(arguments.size()), arguments.data());
}

Config config_of(const std::vector<const char*>& arguments) {
  const auto outcome = read(arguments);
  if (const auto* exit = std::get_if<Exit>(&outcome)) ADD_FAILURE() << exit->text;
  return std::get<Invocation>(outcome).config;
}

std::string refusal_of(const std::vector<const char*>& arguments) {
  const auto outcome = read(arguments);
  const auto* exit = std::get_if<Exit>(&outcome);
  EXPECT_TRUE(exit && exit->code != 0);
  return exit ? exit->text : "";
}

/// An environment variable, as long as this lives.
class Environment {
 public:
  Environment(std::string name, const char* value) : name_{std::move(name)} {
    setenv(name_.c_str(), value, 1);
  }
  ~Environment() { unsetenv(name_.c_str()); }

 private:
  std::string name_;
};

/// A file, as long as this lives. Each process has its own: tests run at the same time.
class File {
 public:
  explicit File(const std::string& text) { std::ofstream{path_} << text; }
  ~File() { std::filesystem::remove(path_); }

  const char* path() const { return path_.c_str(); }

 private:
  std::string path_ = testing::TempDir() + "twostep_config_test." + std::to_string(getpid());
};

TEST(Config, FlagsSayWhatTheyMean) {
  const auto config =
      config_of({"--domain", "A.Example", "--data", "/d", "--listen", "[::1]:0", "--ids",
                 "wall-clock", "--retention", "12h", "--password-cost", "test-rig"});

  EXPECT_EQ(config.domain->text(), "a.example");
  EXPECT_EQ(config.data, "/d");
  EXPECT_EQ(config.listen.address().to_string(), "::1");
  EXPECT_EQ(config.listen.port(), 0);
  EXPECT_EQ(config.ids, store::IdPolicy::wall_clock);
  EXPECT_EQ(config.retention, std::chrono::hours{12});
  EXPECT_EQ(config.password_cost, PasswordCosts::test_rig);
}

TEST(Config, DefaultsAreThoseThatHelpShows) {
  const auto config = config_of({"--domain", "a.example", "--store", "memory"});

  EXPECT_EQ(config.listen.port(), 8080);
  EXPECT_EQ(config.ids, store::IdPolicy::monotonic);
  EXPECT_EQ(config.retention, std::chrono::days{28});
  EXPECT_EQ(config.log_level, server::LogLevel::info);
}

TEST(Config, AFlagOverridesTheEnvironmentAndThatTheFile) {
  const File file(
      "domain = \"file.example\"\nlisten = \"127.0.0.1:1\"\nthreads = 3\nstore = \"memory\"\n");
  const Environment listen{environment_name("listen"), "127.0.0.1:2"};
  const Environment domain{environment_name("domain"), "environment.example"};

  const auto config = config_of({"--config", file.path(), "--domain", "flag.example"});

  EXPECT_EQ(config.threads, 3u);
  EXPECT_EQ(config.listen.port(), 2);
  EXPECT_EQ(config.domain->text(), "flag.example");
}

TEST(Config, WhatIsNotUnderstoodIsRefusedByName) {
  EXPECT_THAT(refusal_of({"--store", "memory"}), HasSubstr("--domain"));
  EXPECT_THAT(refusal_of({"--domain", "a.example"}), HasSubstr("--data"));
  EXPECT_THAT(refusal_of({"--domain", "a..b", "--store", "memory"}), HasSubstr("--domain"));
  EXPECT_THAT(refusal_of({"--domain", "a.example", "--data", "/d", "--listen", "a:b"}),
              HasSubstr("--listen"));
  EXPECT_THAT(refusal_of({"--retention", "28"}), HasSubstr("--retention"));
  EXPECT_THAT(refusal_of({"--push-gateway", "ftp://x"}), HasSubstr("--push-gateway"));
  EXPECT_THAT(refusal_of({"--surprise", "1"}), HasSubstr("--surprise"));
}

TEST(Config, AFileWithUnknownKeysOrNoTomlIsRefused) {
  const auto refused = [](const std::string& text) {
    const File file{text};
    return refusal_of({"--config", file.path(), "--domain", "a.example", "--store", "memory"});
  };

  EXPECT_THAT(refused("lisen = \"127.0.0.1:1\"\n"), HasSubstr("lisen"));
  EXPECT_THAT(refused("threads = [1]\n"), HasSubstr("threads"));
  EXPECT_THAT(refused("threads = \n"), HasSubstr("line 1"));
  EXPECT_THAT(refusal_of({"--config", "/nowhere.toml"}), HasSubstr("/nowhere.toml"));
}

std::vector<const char*> with(std::vector<const char*> more) {
  std::vector<const char*> all{"--domain", "a.example", "--store", "memory"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(Config, PeersAreGivenOneByOneOrTogether) {
  const File file(
      "federation-listen = \"127.0.0.1:9\"\nfederation-insecure = true\n"
      "peer = [\"b.example=http://127.0.0.1:1\", \"c.example=http://[::1]:2\"]\n");

  const auto by_flags =
      config_of(with({"--federation-listen", "127.0.0.1:9", "--federation-insecure", "--peer",
                      "b.example=http://127.0.0.1:1", "--peer", "c.example=http://[::1]:2"}));
  const auto by_file = config_of(with({"--config", file.path()}));

  for (const auto& config : {by_flags, by_file}) {
    EXPECT_TRUE(config.federation.insecure);
    EXPECT_EQ(config.federation.listen->port(), 9);
    ASSERT_EQ(config.federation.peers.size(), 2u);
    EXPECT_EQ(config.federation.peers[0].pattern, "b.example");
    EXPECT_EQ(config.federation.peers[1].url->host, "::1");
  }
}

TEST(Config, WithoutAWordAboutOthersThereAreNone) {
  EXPECT_FALSE(config_of(with({})).federation.listen);
}

TEST(Config, FederationThatMakesNoSenseIsRefused) {
  const auto listening = [](std::vector<const char*> more) {
    more.insert(more.begin(), {"--federation-listen", "127.0.0.1:9"});
    return refusal_of(with(std::move(more)));
  };

  EXPECT_THAT(refusal_of(with({"--peer", "b.example"})), HasSubstr("--federation-listen"));
  EXPECT_THAT(refusal_of(with({"--federation-insecure"})), HasSubstr("--federation-listen"));
  EXPECT_THAT(listening({}), HasSubstr("--peer"));
  EXPECT_THAT(listening({"--peer", "b.example"}), HasSubstr("--federation-certificate"));
  EXPECT_THAT(listening({"--peer", "b.example", "--federation-key", "k"}),
              HasSubstr("--federation-authority"));
  EXPECT_THAT(listening({"--peer", "b..example"}), HasSubstr("--peer"));
  EXPECT_THAT(listening({"--peer", "b.example=http://127.0.0.1:1", "--federation-insecure",
                         "--federation-key", "k"}),
              HasSubstr("not both"));
  for (const auto* elsewhere : {"b.example", "b.example=https://127.0.0.1:1",
                                "b.example=http://192.0.2.1:1", "b.example=http://b.example"}) {
    EXPECT_THAT(listening({"--peer", elsewhere, "--federation-insecure"}), HasSubstr("loopback"))
        << elsewhere;
  }
  EXPECT_THAT(refusal_of(with({"--federation-listen", "0.0.0.0:9", "--federation-insecure",
                               "--peer", "b.example=http://127.0.0.1:1"})),
              HasSubstr("loopback"));
  EXPECT_THAT(listening({"--peer", "b.example=http://127.0.0.1:1", "--federation-key", "k",
                         "--federation-certificate", "c", "--federation-authority", "a"}),
              HasSubstr("https://"));
}

TEST(Config, HelpNamesEveryOption) {
  const auto outcome = read({"--help"});

  const auto& exit = std::get<Exit>(outcome);
  EXPECT_EQ(exit.code, 0);
  for (const auto& option : options()) {
    EXPECT_THAT(exit.text, HasSubstr("--" + std::string{option.name}));
    EXPECT_THAT(exit.text, HasSubstr(environment_name(option.name)));
  }
}

TEST(Config, TheStoreCanBeExported) {
  const auto outcome = read({"export", "--data", "/d"});

  const auto* invocation = std::get_if<Invocation>(&outcome);
  ASSERT_TRUE(invocation) << std::get<Exit>(outcome).text;
  EXPECT_EQ(invocation->command, Command::export_store);
  EXPECT_EQ(invocation->config.data, "/d");
}

}  // namespace
}  // namespace twostep::app
