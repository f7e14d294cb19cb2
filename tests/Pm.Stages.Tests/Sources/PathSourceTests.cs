using Pm.Packages.Manifests;
using Xunit;

namespace Pm.Stages.Tests.Sources;

public sealed class PathSourceTests : IDisposable
{
    readonly SourceWorld _world = new();

    public PathSourceTests() => Write("p/a", "a");

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("./p")]
    [InlineData("p/")]
    [InlineData("p/../p")]
    public async Task A_directory_stays_where_it_is(string path)
    {
        var found = await _world.CheckOutAsync(new PathSource(path));

        Assert.Equal(_world["p"], found.Directory);
        Assert.Matches("^tree1:[0-9a-f]{64}$", found.Tree);
        Assert.Null(found.Commit);
        Assert.False(Directory.Exists(_world.Cache));
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_an_error()
    {
        Assert.Equal("PM7206", (await _world.FaultAsync(new PathSource("../nowhere"))).Code);
        Assert.Equal("PM7206", (await _world.FaultAsync(new PathSource("/dev/null"))).Code);
    }

    [Fact]
    public async Task Equal_content_has_an_equal_name_wherever_it_lies()
    {
        Write("p/d/b", "b");
        Write("q/d/b", "b");
        Write("q/a", "a");
        Write("q/.git/HEAD", "1");
        Write("q/.pm/own/x", "1");
        File.CreateSymbolicLink(_world["p/l"], "../outside");
        File.CreateSymbolicLink(_world["q/l"], "../outside");
        File.SetLastWriteTimeUtc(_world["q/a"], DateTime.UnixEpoch);

        Assert.Equal(await TreeAsync("p"), await TreeAsync("q"));
    }

    [Fact]
    public async Task Whatever_changes_shows_in_the_name()
    {
        var names = new List<string> { await TreeAsync("p") };
        void Change(Action change)
        {
            change();
            names.Add(TreeAsync("p").GetAwaiter().GetResult());
        }

        Change(() => Write("p/a", "b"));
        Change(() => File.SetUnixFileMode(_world["p/a"], (UnixFileMode)0b111_101_101));
        Change(() => File.Move(_world["p/a"], _world["p/b"]));
        Change(() => Directory.CreateDirectory(_world["p/empty"]));
        Change(() => File.CreateSymbolicLink(_world["p/l"], "b"));
        Change(() =>
        {
            File.Delete(_world["p/l"]);
            File.CreateSymbolicLink(_world["p/l"], "c");
        });
        Change(() =>
        {
            File.Delete(_world["p/l"]);
            Write("p/l", "c");
        });

        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
    public async Task The_name_is_what_the_format_says()
    {
        // docs/formats/sources.md; changing this changes every lockfile.
        var line = $"f {Pm.Blobs.MerkleRoot.Of("a"u8)} a\0";

        Assert.Equal($"tree1:{Pm.Blobs.MerkleRoot.Of(System.Text.Encoding.ASCII.GetBytes(line))}", await TreeAsync("p"));
    }

    [Fact]
    public async Task Too_many_files_are_refused()
    {
        _world.Options = _world.Options with { EntryLimit = 2 };
        Write("p/b", "");
        Assert.NotEmpty(await TreeAsync("p"));
        Write("p/c", "");

        Assert.Equal("PM7210", (await _world.FaultAsync(new PathSource("p"))).Code);
    }

    async Task<string> TreeAsync(string path) => (await _world.CheckOutAsync(new PathSource(path))).Tree;

    void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_world[path])!);
        File.WriteAllText(_world[path], text);
    }
}
