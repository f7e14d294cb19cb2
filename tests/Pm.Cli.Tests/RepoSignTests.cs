using Pm.Cli.Output;
using Pm.Trust.Tuf;
using Pm.Trust.Tuf.Changes;
using Xunit;

namespace Pm.Cli.Tests;

/// <summary>What others do with a change while somebody at a terminal thinks about signing it.</summary>
public sealed class RepoSignTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("pm-sign-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task What_another_signs_while_it_is_asked_stays()
    {
        await ProposeAsync();
        var (exit, talk) = await SignAsync("ann", () => RunAsync("repo", "sign", "-y", "--key", "bob.json", "repo/pending.json"));

        Assert.True(exit == ExitCode.Ok, talk);
        Assert.Equal(new HashSet<string> { IdOf("ann"), IdOf("bob") }, [.. Pending().Root!.KeyIds]);
    }

    [Fact]
    public async Task What_is_published_while_it_is_asked_does_not_come_back()
    {
        await ProposeAsync();
        var (exit, talk) = await SignAsync("ann", () => RunAsync("repo", "sign", "-y", "--repo", "repo", "--key", "bob.json", "--key", "eve.json", "repo/pending.json"));

        Assert.Equal(ExitCode.Refused, exit);
        Assert.Contains("PM5015", talk, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Join(_directory, "repo/pending.json")));
    }

    /// <summary>So that clients accept the targets by the root before and after.</summary>
    [Fact]
    public async Task A_key_that_signed_for_the_targets_until_now_may_sign_the_next_ones()
    {
        await ProposeAsync();
        await RunAsync("repo", "sign", "-y", "--repo", "repo", "--key", "bob.json", "--key", "eve.json", "repo/pending.json");
        await RunAsync("repo", "key", "--add", "targets=bob.json.pub", "--remove", $"targets={IdOf("tom")}", "repo");

        await RunAsync("repo", "sign", "-y", "--key", "tom.json", "repo/pending.json");

        Assert.Equal([IdOf("tom")], Pending().Targets!.KeyIds);
    }

    /// <summary>Ann, Bob and Eve have the root, Tom the targets; what waits is the first state.</summary>
    async Task ProposeAsync()
    {
        foreach (var name in new[] { "ann", "bob", "eve", "tom" })
        {
            await RunAsync("repo", "key", "--create", $"{name}.json");
        }

        await RunAsync(
            "repo", "init", "--add", "root=ann.json.pub", "--add", "root=bob.json.pub", "--add", "root=eve.json.pub", "--threshold", "root=2", "--add", "targets=tom.json.pub", "repo");
        await RunAsync("repo", "sign", "-y", "--key", "tom.json", "repo/pending.json");
        Assert.Empty(Pending().Root!.KeyIds);
    }

    async Task RunAsync(params string[] words)
    {
        using var world = NewWorld();
        var exit = await world.RunAsync(words);
        Assert.True(exit == ExitCode.Ok, $"pm {string.Join(' ', words)}: {exit}\n{world.Talk}");
    }

    /// <summary>Signs on a terminal; the answer is yes, and <paramref name="meanwhile"/> is what happens before it.</summary>
    async Task<(ExitCode Exit, string Talk)> SignAsync(string name, Func<Task> meanwhile)
    {
        using var world = NewWorld();
        using var talk = new MemoryStream();
        world.Context = world.Context with
        {
            Terminal = new Terminal(Stream.Null, talk, new LateAnswer("y\n"u8.ToArray(), meanwhile), world.Context.Environment)
            {
                InputIsTerminal = true,
                OutputIsTerminal = true,
                TalkIsTerminal = true,
            },
        };
        var exit = await world.RunAsync("repo", "sign", "--key", $"{name}.json", "repo/pending.json");
        return (exit, System.Text.Encoding.UTF8.GetString(talk.ToArray()));
    }

    World NewWorld()
    {
        var world = new World(environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = _directory });
        world.Context = world.Context with { WorkingDirectory = _directory };
        return world;
    }

    RepositoryChange Pending() => RepositoryChange.Parse(File.ReadAllBytes(Path.Join(_directory, "repo/pending.json")), "pending.json");

    string IdOf(string name) => KeyFile.Parse(File.ReadAllBytes(Path.Join(_directory, $"{name}.json")), name)[0].Public.Id;

    /// <summary>A person who takes his time.</summary>
    sealed class LateAnswer(byte[] answer, Func<Task> meanwhile) : MemoryStream(answer)
    {
        bool _isAsked;

        public override int Read(Span<byte> buffer)
        {
            if (!_isAsked)
            {
                _isAsked = true;
                Task.Run(meanwhile).GetAwaiter().GetResult();
            }

            return base.Read(buffer);
        }
    }
}
