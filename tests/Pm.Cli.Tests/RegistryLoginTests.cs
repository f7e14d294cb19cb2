using System.Text;
using Pm.Cli.Registries;
using Pm.Remotes.Tests.Oci;
using Pm.Simulation.Lying;
using Xunit;

namespace Pm.Cli.Tests;

/// <summary>Who pm is to a registry: passwords in files and of programs that keep them, and tokens that a real registry wants.</summary>
public sealed class RegistryLoginTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("pm-registry-login-").FullName;

    static string Object => Path.Join(AppContext.BaseDirectory, "objects", "opens.o");

    public RegistryLoginTests()
    {
        foreach (var name in (string[])["home/.docker", "bin"])
        {
            Directory.CreateDirectory(In(name));
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_real_registry_takes_tokens_for_what_their_owner_may_do()
    {
        await using var tokens = new TokenServer();
        using var registry = new RegistryProgram(authorization: tokens.Settings);
        var reference = $"oci://{registry.Host}/tools/opens:1.0";

        Assert.Equal((ExitCode.NotPermitted, true), await RefusedAsync("does not let everybody do that", "pkg", "push", Object, reference));
        Keep(registry.Host, "pat:wrong");
        Assert.Equal((ExitCode.NotPermitted, true), await RefusedAsync("does not let pat do that", "pkg", "push", Object, reference));
        Keep(registry.Host, "pat:secret");
        await MustAsync("pkg", "push", Object, reference);

        // Who may read may not write, and what is there already is no way around that.
        Keep(registry.Host, "eve:secret");
        await MustAsync("pkg", "pull", reference);
        Assert.Equal(File.ReadAllBytes(Object), File.ReadAllBytes(In("opens.bpf.o")));
        Assert.Equal((ExitCode.NotPermitted, true), await RefusedAsync("does not let eve do that", "pkg", "push", Object, reference));
        Assert.Equal((ExitCode.NotPermitted, true), await RefusedAsync("does not let eve do that", "pkg", "push", Object, $"oci://{registry.Host}/tools/other:1.0"));
        File.Delete(In("home/.docker/config.json"));
        Assert.Equal((ExitCode.NotPermitted, true), await RefusedAsync("does not let everybody do that", "run", "-n", "--trust", reference));
        Assert.Contains(tokens.Requests, request => request.Path.Contains("scope=repository:tools/opens:pull", StringComparison.Ordinal) && request.Path.Contains("service=sample", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_is_over_before_it_comes_is_no_reason_to_ask_for_ever()
    {
        await using var tokens = new TokenServer { Lifetime = -3600 };
        using var registry = new RegistryProgram(authorization: tokens.Settings);
        Keep(registry.Host, "pat:secret");

        Assert.Equal((ExitCode.NotPermitted, true), await RefusedAsync("PM6061", "pkg", "push", Object, $"oci://{registry.Host}/tools/opens:1.0"));
        Assert.Single(tokens.Requests);
    }

    /// <summary>Each is good for two requests, as one is that ends while a large blob is on its way.</summary>
    [Fact]
    public async Task A_token_that_ends_on_the_way_is_asked_for_anew()
    {
        var registry = new SampleRegistry();
        await using var server = new LyingServer(registry.Find);
        registry.Url = server.Url;
        var (given, used) = (0, 0);
        server.LieAlways = answer =>
        {
            if (answer.Request.Path.StartsWith(SampleRegistry.TokenPath, StringComparison.Ordinal))
            {
                (given, used) = (given + 1, 0);
            }

            return used++ > 2 && answer.Request.Headers.ContainsKey("authorization")
                ? answer.SendHeadAsync("401 Unauthorized", "Content-Length: 0", $"WWW-Authenticate: Bearer realm=\"{server.Url}/{SampleRegistry.TokenPath}\",error=\"invalid_token\"")
                : registry.AnswerAsync(answer);
        };
        var host = $"127.0.0.1:{server.Port}";
        Keep(host, "pat:secret");

        await MustAsync("pkg", "push", Object, $"oci://{host}/tools/opens:1");

        Assert.True(given > 2, $"{given} tokens");
        await MustAsync("pkg", "pull", $"oci://{host}/tools/opens:1");
        Assert.Equal(File.ReadAllBytes(Object), File.ReadAllBytes(In("opens.bpf.o")));
    }

    [Theory]
    [InlineData("credHelpers")]
    [InlineData("credsStore")]
    public async Task A_program_that_keeps_passwords_is_asked_when_the_registry_asks(string setting)
    {
        using var registry = new RegistryProgram(RegistryProgram.Users);
        using var open = new RegistryProgram();
        Program("kept", $"""echo "$1" >> {In("asked")}; cat >> {In("asked")}; echo '{Kept("pat", "secret")}'""");
        File.WriteAllText(In("home/.docker/config.json"), setting == "credsStore"
            ? $$$"""{"credsStore":"kept","auths":{"{{{registry.Host}}}":{} } }"""
            : $$$"""{"credsStore":"no-such","credHelpers":{"{{{open.Host}}}":"kept","{{{registry.Host}}}":"kept"} }""");

        await MustAsync("pkg", "push", Object, $"oci://{open.Host}/tools/opens:1");
        Assert.False(File.Exists(In("asked")));

        await MustAsync("pkg", "push", Object, $"oci://{registry.Host}/tools/opens:1");
        Assert.Equal($"get\n{registry.Host}\n", File.ReadAllText(In("asked")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_identity_token_is_exchanged_for_one_of_the_registry(bool isOfProgram)
    {
        await using var tokens = new TokenServer();
        using var registry = new RegistryProgram(authorization: tokens.Settings);
        var reference = $"oci://{registry.Host}/tools/opens:1.0";
        void KeepToken(string token)
        {
            Program("kept", $"""echo "{Kept("<token>", token).Replace("\"", "\\\"")}" """);
            File.WriteAllText(In("home/.docker/config.json"), isOfProgram
                ? """{"credsStore":"kept"}"""
                : $$$"""{"auths":{"{{{registry.Host}}}":{"auth":"{{{Convert.ToBase64String("pat:"u8)}}}","identitytoken":"{{{token}}}"} } }""");
        }

        KeepToken("of nobody");
        Assert.Equal((ExitCode.NotPermitted, true), await RefusedAsync($"does not let {(isOfProgram ? "<token>" : "pat")} do that", "pkg", "push", Object, reference));
        KeepToken(TokenServer.Identity);
        await MustAsync("pkg", "push", Object, reference);
        await MustAsync("pkg", "pull", reference);

        Assert.Equal(File.ReadAllBytes(Object), File.ReadAllBytes(In("opens.bpf.o")));
        Assert.DoesNotContain(tokens.Requests, request => request.Path.Contains("kept", StringComparison.Ordinal));
    }

    /// <summary>What is no password is not sent as one.</summary>
    [Fact]
    public async Task An_identity_token_is_nothing_to_a_registry_that_wants_a_password()
    {
        using var registry = new RegistryProgram(RegistryProgram.Users);
        Program("kept", $"echo '{Kept("<token>", "secret")}'");
        File.WriteAllText(In("home/.docker/config.json"), """{"credsStore":"kept"}""");

        Assert.Equal((ExitCode.NotPermitted, true), await RefusedAsync("does not let <token> do that", "pkg", "push", Object, $"oci://{registry.Host}/tools/opens:1.0"));
    }

    [Fact]
    public async Task Where_the_program_knows_nobody_the_file_says_it()
    {
        using var registry = new RegistryProgram(RegistryProgram.Users);
        Program("kept", "echo credentials not found in native keychain; exit 1");
        Keep(registry.Host, "pat:secret", "\"credsStore\":\"kept\",");

        await MustAsync("pkg", "push", Object, $"oci://{registry.Host}/tools/opens:1");
    }

    [Theory]
    [InlineData("kept", null, "no such program in ")]
    [InlineData("../kept", "echo", "`../kept` is no name of a program")]
    [InlineData("Kept", "echo", "`Kept` is no name of a program")]
    [InlineData("kept", "echo '\u001b[2Jlocked'; exit 3", @"docker-credential-kept: \u001b[2Jlocked")]
    [InlineData("kept", "exit 3", "docker-credential-kept: exit code 3")]
    [InlineData("kept", "echo 'no key ring' >&2; exit 1", "docker-credential-kept: no key ring")]
    [InlineData("kept", "kill -9 $$", "docker-credential-kept: signal 9")]
    [InlineData("kept", "echo '{'", "not what such a program answers: ")]
    [InlineData("kept", "echo '{\"Username\":\"pat\"}'", "member `Secret` is missing")]
    [InlineData("kept", "echo '{\"Username\":\"p:t\",\"Secret\":\"s\"}'", "expected a name without a colon")]
    [InlineData("kept", "exec yes", "docker-credential-kept says more than 65536 bytes")]
    public async Task What_is_wrong_with_such_a_program_is_said(string name, string? script, string why)
    {
        using var registry = new RegistryProgram(RegistryProgram.Users);
        if (script is not null)
        {
            Program("kept", script);
        }

        File.WriteAllText(In("home/.docker/config.json"), $$"""{"credsStore":"{{name}}"}""");

        var (code, _, talk) = await PmAsync("pkg", "push", Object, $"oci://{registry.Host}/tools/opens:1");

        Assert.Equal(ExitCode.NotPermitted, code);
        Assert.Contains($"error[PM6070]: no password for {registry.Host}: ", talk, StringComparison.Ordinal);
        Assert.Contains(why, talk, StringComparison.Ordinal);
        Assert.Contains("hint: ", talk, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', talk);
    }

    [Fact]
    public void A_program_that_gives_no_answer_is_ended()
    {
        Program("kept", "exec tail -f /dev/null");
        using var world = World();

        var e = Assert.Throws<CommandException>(() => CredentialProgram.Ask(world.Context, "kept", "r.example", TimeSpan.FromMilliseconds(50)));

        Assert.Equal("no password for r.example: docker-credential-kept gave no answer within 0.05 seconds", e.Message);
    }

    static string Kept(string user, string secret) => $$"""{"ServerURL":"x","Username":"{{user}}","Secret":"{{secret}}"}""";

    string In(string name) => Path.Join(_directory, name);

    void Program(string name, string script)
    {
        var path = In($"bin/docker-credential-{name}");
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, (UnixFileMode)0x1ed);
    }

    void Keep(string host, string user, string more = "") => File.WriteAllText(
        In("home/.docker/config.json"), $$"""{ {{more}} "auths":{"{{host}}":{"auth":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(user))}}"} } }""");

    async Task MustAsync(params string[] words)
    {
        var (code, _, talk) = await PmAsync(words);
        Assert.True(code is ExitCode.Ok, talk);
    }

    async Task<(ExitCode Code, bool IsSaid)> RefusedAsync(string why, params string[] words)
    {
        var (code, _, talk) = await PmAsync(words);
        Assert.True(talk.Contains(why, StringComparison.Ordinal), talk);
        return (code, talk.Contains("error[PM6061]: ", StringComparison.Ordinal));
    }

    World World()
    {
        var world = new World(environment: new Dictionary<string, string>
        {
            ["HOME"] = In("home"),
            ["PATH"] = $"{In("bin")}:/usr/bin:/bin",
            ["PM_ROOT"] = In("root"),
            ["PM_STORE"] = In("store"),
            ["PM_CACHE"] = In("cache"),
        });
        world.Context = world.Context with { WorkingDirectory = _directory };
        return world;
    }

    async Task<(ExitCode Code, string Data, string Talk)> PmAsync(params string[] words)
    {
        using var world = World();
        var code = await world.RunAsync(words);
        return (code, world.Data, world.Talk);
    }
}
