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

            var toml = (setting.IsRepeatable, int.TryParse(value, out _)) switch
            {
                (true, _) => $"[\"{value}\"]",
                (_, true) => value,
                _ => $"\"{value}\"",
            };
            using var directory = new TemporaryDirectory();
            var file = Write(directory, $"# settings\n{setting.Key} = {toml}\n");
            var byFile = ParseIn(directory.Path, ["--config", file, .. other, "d"]);

            Assert.Equal(Shown(ParseIn(directory.Path, [setting.Flag, value, .. other, "d"])), Shown(byFile));
            Assert.Equal(file, byFile.File!.Path);
            Assert.Equal(byFlag.Given, byFile.Given);
        }
    }

    [Fact]
    public void A_flag_and_a_variable_win_over_a_file_and_its_directories_are_below_its_own()
    {
        using var directory = new TemporaryDirectory();
        Write(directory, "directories = ['a', 'stable=/srv/b', 'testing=c']\nmax-connections = 5\nidle-timeout = '6'\nmin-rate = 7\n");
        (string, string)[] variables = [("PM_SERVE_CONFIG", directory["pmd.toml"]), ("PM_IDLE_TIMEOUT", "60"), ("PM_MAX_CONNECTIONS", "50")];

        var settings = Parse(["--max-connections", "500"], variables);

        Assert.Equal((500, 60, 7), (settings.MaximumConnections, (int)settings.IdleTimeout.TotalSeconds, settings.MinimumRate));
        Assert.Equal([directory["a"], "stable=/srv/b", $"testing={directory["c"]}"], settings.Directories);
        Assert.Equal(["/work/d"], Parse(["d"], variables).Directories);
        Assert.Equal(240, Parse(["--config", "none", "d"], variables).MinimumRate);
    }

    [Fact]
    public void The_file_of_the_machine_is_read_where_it_is_there()
    {
        using var directory = new TemporaryDirectory();
        Assert.Null(ParseIn(directory.Path, ["d"]).File);
        Write(directory, "min-rate = 7\nmax-connection = 8\n");

        var settings = ParseIn(directory.Path, ["d"]);

        Assert.Equal(7, settings.MinimumRate);
        Assert.Equal([$"{directory["pmd.toml"]}:2:1: there is no setting `max-connection`; did you mean `max-connections`?"], settings.File!.Warnings);
    }

    [Theory]
    [InlineData("max-connections = 0", "PM5206", ":1:19: `max-connections`: expected a number from 1 to 1000000, got `0`")]
    [InlineData("max-connections = -1", "PM5206", ":1:19: `max-connections`: expected a number")]
    [InlineData("max-connections = true", "PM5206", ":1:19: `max-connections`: expected a text or a number, got a boolean")]
    [InlineData("access-log = ['a']", "PM5206", ":1:14: `access-log`: expected a text or a number, got an array")]
    [InlineData("access-log = ''", "PM5206", ":1:14: `access-log`: expected a line of text")]
    [InlineData("listen = ['host.example:80']", "PM5206", ":1:10: ")]
    [InlineData("trusted-proxy = [[]]", "PM5206", ":1:18: `trusted-proxy`: expected a text or a number, got an array")]
    [InlineData("directories = {}", "PM5206", ":1:15: `directories`: expected a text or a number, got a table")]
    [InlineData("min-rate = 1\nmin-rate = 2", "PM2103", ":2:1: ")]
    [InlineData("min-rate", "PM2101", ":1:")]
    public void A_wrong_file_is_an_error_that_shows_the_place(string text, string code, string message)
    {
        using var directory = new TemporaryDirectory();
        var file = Write(directory, text + "\n");

        var error = Assert.Throws<DaemonException>(() => Parse(text.StartsWith("dir", StringComparison.Ordinal) ? ["--config", file] : ["--config", file, "d"]));

        Assert.Equal((code, 6), (error.Code, error.Exit));
        Assert.StartsWith(file + message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_named_has_to_be_there_and_nobody_else_may_be_able_to_write_it()
    {
        using var directory = new TemporaryDirectory();
        Assert.Equal(("PM0008", 4), Fault());

        var file = Write(directory, "min-rate = 7\n");
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.GroupWrite);
        Assert.Equal(("PM1202", 6), Fault());

        (string, int) Fault()
        {
            var error = Assert.Throws<DaemonException>(() => Parse(["--config", directory["pmd.toml"], "d"]));
            return (error.Code, error.Exit);
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

    static string Write(TemporaryDirectory directory, string text)
    {
        File.WriteAllText(directory["pmd.toml"], text);
        File.SetUnixFileMode(directory["pmd.toml"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return directory["pmd.toml"];
    }

    static DaemonSettings Parse(string[] arguments, params (string Name, string Value)[] variables) => ParseIn("/work", arguments, variables);

    static DaemonSettings ParseIn(string directory, string[] arguments, params (string Name, string Value)[] variables) => CommandLine.Parse(arguments, new DaemonContext
    {
        Time = TimeProvider.System,
        Environment = variables.ToDictionary(v => v.Name, v => v.Value),
        WorkingDirectory = directory,
        SystemDirectory = directory,
        Output = Stream.Null,
        Talk = Stream.Null,
    });

    /// <summary>Arrays compare by reference in a record.</summary>
    static string Shown(DaemonSettings settings) =>
        $"{settings with { File = null, Given = default, Listen = default, Directories = default, TrustedProxies = default }} {string.Join(",", settings.Listen)} {string.Join(",", settings.TrustedProxies.Select(a => a.ToString()))}";
}
