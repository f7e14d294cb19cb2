using Pm.Daemon.Settings;
using Pm.Repositories;
using Pm.Repositories.Serving;
using Xunit;

namespace Pm.Daemon.Tests;

/// <summary>Flags and variables.</summary>
public class CommandLineTests
{
    [Fact]
    public void Directories_are_taken_from_the_working_directory_and_may_have_names()
    {
        var settings = Parse(["repo", "/srv/b", "stable=c"]);

        Assert.Equal(["/work/repo", "/srv/b", "stable=/work/c"], settings.Directories);
    }

    [Fact]
    public void Every_setting_has_a_flag_and_a_variable_that_say_the_same()
    {
        foreach (var setting in SettingTable.All)
        {
            var value = setting.Value switch
            {
                "N" or "BYTES" or "SECONDS" => "7",
                "SIZE" => "7M",
                "ADDRESS" => "10.0.0.1",
                "HOST:PORT|unix:PATH" => "*:7",
                _ => "file",
            };
            var pair = setting.Flag.StartsWith("--tls", StringComparison.Ordinal);
            string[] other = !pair ? [] : setting.Flag == "--tls-key" ? ["--tls-certificate", "x"] : ["--tls-key", "x"];

            var byFlag = Parse([setting.Flag, value, .. other, "d"]);
            var byEquals = Parse([$"{setting.Flag}={value}", .. other, "d"]);
            var byVariable = Parse([.. other, "d"], (setting.Variable, value));

            Assert.NotEqual(Shown(Parse([.. other.Length == 0 ? [] : other, "d"], pair ? (setting.Variable, "y") : ("X", ""))), Shown(byFlag));
            Assert.Equal(Shown(byFlag), Shown(byEquals));
            Assert.Equal(Shown(byFlag), Shown(byVariable));
            Assert.Contains($"{setting.Flag} {setting.Value}", CommandLine.Help());
        }
    }

    [Fact]
    public void Every_setting_is_in_the_manual_with_what_it_is()
    {
        using var manual = new StreamReader(typeof(CommandLineTests).Assembly.GetManifestResourceStream("manual")!);
        var text = manual.ReadToEnd();

        Assert.All(SettingTable.All, setting => Assert.Contains($"- `{setting.Flag} {setting.Value}`, {setting.Variable}: ", text));
        Assert.Contains(SettingTable.DirectoriesVariable, text);
    }

    [Fact]
    public void A_flag_wins_over_its_variable() =>
        Assert.Equal(5, Parse(["--max-connections", "5", "d"], ("PM_MAX_CONNECTIONS", "6")).MaximumConnections);

    [Fact]
    public void Directories_may_come_from_the_environment() =>
        Assert.Equal(["/a", "/work/b"], Parse([], ("PM_SERVE", "/a:b")).Directories);

    [Theory]
    [InlineData("--nonsense", "x", "d")]
    [InlineData("d", "--listen")]
    [InlineData("--max-connections", "many", "d")]
    [InlineData("--max-connections", "0", "d")]
    [InlineData("--max-connections", "-1", "d")]
    [InlineData("--stop-timeout", "1.5", "d")]
    [InlineData("--tls-certificate", "x", "d")]
    [InlineData("--trusted-proxy", "host", "d")]
    [InlineData("--max-upload", "much", "d")]
    [InlineData("--max-upload", "0", "d")]
    [InlineData("--max-upload", "M", "d")]
    [InlineData("--max-staged", "9000000T", "d")]
    [InlineData("--listen", "localhost:1")]
    public void A_wrong_line_is_an_error(params string[] arguments)
    {
        var error = Assert.Throws<DaemonException>(() => Parse(arguments));

        Assert.Equal(("PM5206", 2), (error.Code, error.Exit));
    }

    [Theory]
    [InlineData("localhost:8080", "127.0.0.1:8080 [::1]:8080")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData("localhost", "127.0.0.1:8083 [::1]:8083")]
    [InlineData("*:80", "[::]:80")]
    [InlineData(":80", "[::]:80")]
    [InlineData("10.1.2.3:80", "10.1.2.3:80")]
    [InlineData("[::1]:80", "[::1]:80")]
    public void An_address_to_listen_at(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', ListenAddress.Parse(text, p => p).EndPoints().Select(e => e.ToString())));

    [Theory]
    [InlineData("host.example:80")]
    [InlineData("1.2.3.4:99999")]
    [InlineData("1.2.3.4:-1")]
    [InlineData("1.2.3.4:x")]
    [InlineData("18302")]
    [InlineData("1.2:80")]
    public void No_address_to_listen_at(string text) =>
        Assert.Equal("PM5204", Assert.Throws<RepositoryException>(() => ListenAddress.Parse(text, p => p)).Code);

    [Fact]
    public void The_path_of_a_socket_is_short()
    {
        Assert.Equal("/run/s", ListenAddress.Parse("unix:/run/s", p => p).SocketPath);
        Assert.Equal("PM5204", Assert.Throws<RepositoryException>(() => ListenAddress.Parse($"unix:/{new string('a', 107)}", p => p)).Code);
    }

    static DaemonSettings Parse(string[] arguments, params (string Name, string Value)[] variables) => CommandLine.Parse(arguments, new DaemonContext
    {
        Time = TimeProvider.System,
        Environment = variables.ToDictionary(v => v.Name, v => v.Value),
        WorkingDirectory = "/work",
        Output = Stream.Null,
        Talk = Stream.Null,
    });

    /// <summary>Arrays compare by reference in a record.</summary>
    static string Shown(DaemonSettings settings) =>
        $"{settings with { Listen = default, Directories = default, TrustedProxies = default }} {string.Join(",", settings.Listen)} {string.Join(",", settings.TrustedProxies.Select(a => a.ToString()))}";
}
