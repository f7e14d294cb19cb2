using Pm.Linux;
using Xunit;

namespace Pm.Repositories.Tests;

/// <summary>What a power cut must not undo is synced before the timestamp counts: files, then their names, then their directories'.</summary>
public sealed class WriteOrderTests : IDisposable
{
    readonly RepositoryFixture _fixture = new();

    public void Dispose()
    {
        WriteDoor.Trace = null;
        _fixture.Dispose();
    }

    [Fact]
    public void Everything_that_new_metadata_names_is_durable_before_the_timestamp_is()
    {
        var path = new SamplePackage("foo@1.0", "one").Save(_fixture.Outside);

        var calls = Traced(() => _fixture.Repository.Publish([path], RepositoryFixture.Options, _fixture.Access));

        AssertDurable(calls);
    }

    [Fact]
    public void Names_that_a_killed_writer_left_are_made_durable_by_the_next()
    {
        var path = new SamplePackage("foo@1.0", "one").Save(_fixture.Outside);
        WriteDoor.Fault = WriteFault.Parse("eio@40+", _fixture.Path);
        Assert.Throws<SystemCallException>(() => _fixture.Repository.Publish([path], RepositoryFixture.Options, _fixture.Access));
        WriteDoor.Fault = null;
        var left = Directory.GetFiles(_fixture.Served, "*", SearchOption.AllDirectories).Where(file => file.Contains("/blobs/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(left);

        var calls = Traced(() => _fixture.Repository.Publish([path], RepositoryFixture.Options, _fixture.Access));

        AssertDurable(calls);
        Assert.Contains(("fsync", $"{_fixture.Served}/blobs"), calls.Take(TimestampOf(calls)));
    }

    List<(string Call, string Path)> Traced(Action action)
    {
        var calls = new List<(string Call, string Path)>();
        WriteDoor.Trace = (_, call, path) =>
        {
            if (path.StartsWith(_fixture.Path, StringComparison.Ordinal))
            {
                calls.Add((call, path));
            }
        };
        action();
        WriteDoor.Trace = null;
        return calls;
    }

    int TimestampOf(List<(string Call, string Path)> calls) => calls.IndexOf(("rename", $"{_fixture.Served}/timestamp.json"));

    void AssertDurable(List<(string Call, string Path)> calls)
    {
        var timestamp = TimestampOf(calls);
        Assert.True(timestamp > 20);
        for (var at = 0; at < timestamp; at++)
        {
            var (call, path) = calls[at];
            var directory = Path.GetDirectoryName(path)!;
            if (call is "rename" or "mkdir")
            {
                // Names: the directory is synced after them and before the timestamp.
                Assert.Contains(("fsync", directory), calls[at..timestamp]);
            }
            else if (call is "write" or "copy_file_range" && !path.EndsWith("/lock", StringComparison.Ordinal))
            {
                // Contents: the file or the file system is synced before anything gets its name.
                var rename = calls.FindIndex(at, later => later.Call == "rename");
                Assert.Contains(calls[at..rename], later => later.Call == "syncfs" || later == ("fsync", path));
            }
        }
    }
}
