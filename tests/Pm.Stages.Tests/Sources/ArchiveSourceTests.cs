using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Manifests;
using Pm.Remotes;
using Pm.Remotes.Http;
using Pm.Simulation.Lying;
using Pm.Stages.Sources;
using Xunit;

namespace Pm.Stages.Tests.Sources;

public sealed class ArchiveSourceTests : IAsyncDisposable
{
    readonly SourceWorld _world = new();
    readonly Dictionary<string, byte[]> _files = [];
    readonly LyingServer _server;

    public ArchiveSourceTests()
    {
        _server = new LyingServer(path => _files.GetValueOrDefault(path));
        _world.Options = _world.Options with { Http = static () => new HttpSettings { Attempts = 1 } };
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _world.Dispose();
    }

    public static TheoryData<Compression> Compressions => [.. Enum.GetValues<Compression>()];

    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task An_archive_with_one_directory_is_that_directory(Compression compression)
    {
        var source = Serve("x.tar", Compressed(Tar(("lib-1.0/", ""), ("lib-1.0/a", "a"), ("lib-1.0/d/b", "b")), compression));

        var found = await _world.CheckOutAsync(source);

        Assert.Equal(["a", "b", "d"], Names(found.Directory));
        Assert.Equal("a", File.ReadAllText(Path.Join(found.Directory, "a")));
        Assert.Matches("^tree1:[0-9a-f]{64}$", found.Tree);
        Assert.Null(found.Commit);
    }

    [Fact]
    public async Task An_archive_with_more_at_its_top_is_taken_as_it_is()
    {
        var found = await _world.CheckOutAsync(Serve("x.tar", Tar(("lib/a", "a"), ("b", "b"))));

        Assert.Equal(["a", "b", "lib"], Names(found.Directory));
    }

    [Fact]
    public async Task The_same_content_in_another_archive_has_the_same_tree()
    {
        var tar = await _world.CheckOutAsync(Serve("x.tar", Tar(("lib-1.0/a", "a"), ("lib-1.0/d/b", "b"))));
        var zip = await _world.CheckOutAsync(Serve("x.zip", Zip(("d/b", "b"), ("a", "a"))));
        Directory.CreateDirectory(_world["p/d"]);
        File.WriteAllText(_world["p/a"], "a");
        File.WriteAllText(_world["p/d/b"], "b");

        Assert.Equal(tar.Tree, zip.Tree);
        Assert.Equal(tar.Tree, (await _world.CheckOutAsync(new PathSource("p"))).Tree);
    }

    [Fact]
    public async Task It_is_fetched_once()
    {
        var source = Serve("x.tar", Tar(("a", "a")));
        var first = await _world.CheckOutAsync(source);

        Assert.Equal(first, await _world.CheckOutAsync(source));
        Assert.Equal(first, await _world.CheckOutAsync(source, new LockedSource(null, first.Tree), isOffline: true));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Another_archive_than_the_one_written_down_is_refused_before_it_is_looked_at()
    {
        var source = Serve("x.tar", Tar(("a", "a"))) with { Sha256 = new string('0', 64) };

        var fault = await _world.FaultAsync(source);

        Assert.Equal("PM7208", fault.Code);
        Assert.Contains(source.Sha256, fault.Message, StringComparison.Ordinal);
        Assert.Contains(source.Url, fault.Message, StringComparison.Ordinal);
        Nothing();
    }

    [Fact]
    public async Task A_locked_tree_has_to_be_met()
    {
        var source = Serve("x.tar", Tar(("a", "a")));

        Assert.Equal("PM7203", (await _world.FaultAsync(source, new LockedSource(null, "tree1:" + new string('0', 64)))).Code);
    }

    [Fact]
    public async Task Offline_what_is_missing_is_named()
    {
        var source = Serve("x.tar", Tar(("a", "a")));

        var fault = await _world.FaultAsync(source, isOffline: true);

        Assert.Equal("PM7207", fault.Code);
        Assert.Contains(source.Url, fault.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_an_error_of_the_server()
    {
        var source = new ArchiveSource(_server.Url + "/nothing", new string('0', 64));

        Assert.Equal("PM6011", (await Assert.ThrowsAsync<RemoteException>(() => _world.CheckOutAsync(source))).Code);
        Nothing();
    }

    [Fact]
    public async Task More_bytes_than_allowed_are_not_fetched()
    {
        var source = Serve("x.tar", Tar(("a", new string('a', 100_000))));
        _world.Options = _world.Options with { FetchLimit = 10_000 };

        Assert.Equal("PM6004", (await Assert.ThrowsAsync<RemoteException>(() => _world.CheckOutAsync(source))).Code);
        Nothing();
    }

    [Theory]
    [InlineData("../evil", null)]
    [InlineData("/evil", null)]
    [InlineData("d/../../evil", null)]
    [InlineData("link", "/etc/passwd")]
    [InlineData("link", "../outside")]
    [InlineData("hard:link", "../outside")]
    [InlineData("fifo", "fifo")]
    public async Task An_entry_that_leads_elsewhere_is_refused(string name, string? target)
    {
        var source = Serve("x.tar", Tar(writer => writer.WriteEntry(name switch
        {
            "fifo" => new PaxTarEntry(TarEntryType.Fifo, name),
            "hard:link" => new PaxTarEntry(TarEntryType.HardLink, "link") { LinkName = target! },
            _ when target is not null => new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target },
            _ => new PaxTarEntry(TarEntryType.RegularFile, name),
        })));

        var fault = await Assert.ThrowsAsync<PackageFormatException>(() => _world.CheckOutAsync(source));

        Assert.Contains(fault.Code, (string[])["PM2212", "PM2213"]);
        Nothing();
    }

    [Fact]
    public async Task A_link_out_of_the_only_directory_is_refused_though_it_stays_in_the_archive()
    {
        var source = Serve("x.tar", Tar(writer =>
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "lib"));
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "lib/up") { LinkName = ".." });
        }));

        Assert.Equal("PM7210", (await _world.FaultAsync(source)).Code);
        Nothing();
    }

    [Fact]
    public async Task A_bomb_ends_at_the_limit()
    {
        _world.Options = _world.Options with { ContentLimit = 1 << 20 };
        var source = Serve("x.tar.gz", Compressed(Tar(("a", new string('\0', 8 << 20))), Compression.Gzip));

        Assert.Equal("PM2203", (await Assert.ThrowsAsync<PackageFormatException>(() => _world.CheckOutAsync(source))).Code);
        Nothing();
    }

    [Fact]
    public async Task What_a_killed_pm_left_is_neither_taken_nor_kept()
    {
        var source = Serve("x.tar", Tar(("a", "a")));
        var left = Path.Join(_world.Cache, "archives/.pm-tmp-999999999-1");
        Directory.CreateDirectory(Path.Join(left, "content"));
        File.WriteAllText(Path.Join(left, "content/half"), "");

        var found = await _world.CheckOutAsync(source);

        Assert.Equal(["a"], Names(found.Directory));
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public async Task Two_at_once_get_the_same()
    {
        var source = Serve("x.tar", Tar([.. Enumerable.Range(0, 200).Select(i => ($"f{i}", $"{i}"))]));

        var found = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _world.CheckOutAsync(source)));

        Assert.Single(found.Distinct());
        Assert.Equal(200, Directory.GetFiles(found[0].Directory).Length);
        Assert.Single(Directory.GetFileSystemEntries(Path.Join(_world.Cache, "archives")));
    }

    [Theory]
    [InlineData("tool", "#!/bin/sh\n", "tool", true)]
    [InlineData("snoop.bpf.o?raw=1", "data", "snoop.bpf.o", false)]
    [InlineData("a%20b", "data", "a b", false)]
    [InlineData("-rf", "data", "file", false)]
    [InlineData("..%2fevil", "data", "file", false)]
    [InlineData("", "data", "file", false)]
    public async Task What_is_no_archive_is_the_file_of_its_source(string path, string content, string name, bool isProgram)
    {
        var source = Serve("x", Encoding.UTF8.GetBytes(content));
        _files[path] = _files[Uri.UnescapeDataString(path)] = _files["x"];

        var found = await _world.CheckOutAsync(source with { Url = $"{_server.Url}/{path}" });

        var file = Assert.Single(Directory.GetFiles(found.Directory));
        Assert.Equal(name, Path.GetFileName(file));
        Assert.Equal(content, File.ReadAllText(file));
        Assert.Equal(isProgram, File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute));
    }

    [Theory]
    [InlineData("7F454C46020101000000000000000000020000", true)]
    [InlineData("7F454C46020101000000000000000000030000", true)]
    [InlineData("7F454C4602010100000000000000000001000A", false)]
    [InlineData("7F454C46", false)]
    [InlineData("", false)]
    public async Task An_ELF_file_is_a_program_when_a_system_could_start_it(string hex, bool isProgram)
    {
        var found = await _world.CheckOutAsync(Serve("x", Convert.FromHexString(hex)));

        Assert.Equal(isProgram, File.GetUnixFileMode(Path.Join(found.Directory, "x")).HasFlag(UnixFileMode.UserExecute));
    }

    [Fact]
    public async Task A_URL_without_a_digest_is_pinned_by_what_it_has()
    {
        var source = Serve("x.tar", Tar(("a", "a")));
        var cache = new SourceCache(_world.Cache, _world.Options);

        Assert.Equal(source, await cache.PinAsync(new LinkSource(source.Url), SourceWorld.Cancellation));
        Assert.Equal(source, await cache.PinAsync(new LinkSource(source.Url), SourceWorld.Cancellation));
        _ = await _world.CheckOutAsync(source, isOffline: true);
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task A_package_is_no_source_and_plain_http_no_way_for_what_nobody_vouches_for()
    {
        var source = Serve("x.pkg", Tar(("meta.yaml", "name: x"), ("manifest.sha256", "")));
        var cache = new SourceCache(_world.Cache, _world.Options);

        var package = await Assert.ThrowsAsync<StageException>(() => cache.PinAsync(new LinkSource(source.Url), SourceWorld.Cancellation));
        Assert.Equal("PM7211", package.Code);
        var plain = await Assert.ThrowsAsync<StageException>(() => cache.PinAsync(new LinkSource("http://example.org/x"), SourceWorld.Cancellation));
        Assert.Equal("PM7210", plain.Code);
        var offline = await Assert.ThrowsAsync<StageException>(() => new SourceCache(_world.Cache, _world.Options with { IsOffline = true }).PinAsync(new LinkSource(source.Url), SourceWorld.Cancellation));
        Assert.Equal("PM7207", offline.Code);
    }

    [Fact]
    public async Task A_path_may_be_a_file()
    {
        File.WriteAllText(_world["tool"], "#!/bin/sh\n");

        var first = await _world.CheckOutAsync(new PathSource("tool"));
        File.WriteAllText(_world["tool"], "#!/bin/bash\n");
        var second = await _world.CheckOutAsync(new PathSource("tool"), isOffline: true);

        Assert.NotEqual(first.Tree, second.Tree);
        Assert.Equal("#!/bin/bash\n", File.ReadAllText(Path.Join(second.Directory, "tool")));
        Assert.Equal(second, await _world.CheckOutAsync(new PathSource("tool")));
    }

    ArchiveSource Serve(string name, byte[] content)
    {
        _files[name] = content;
        return new ArchiveSource($"{_server.Url}/{name}", Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    /// <summary>Nothing was unpacked, nor is left of the attempt.</summary>
    void Nothing() => Assert.Empty(Directory.GetFileSystemEntries(Path.Join(_world.Cache, "archives")));

    static IEnumerable<string?> Names(string directory) =>
        Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    static byte[] Tar(params (string Path, string Text)[] entries) => Tar(writer =>
    {
        foreach (var (path, text) in entries)
        {
            writer.WriteEntry(path.EndsWith('/')
                ? new PaxTarEntry(TarEntryType.Directory, path)
                : new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        }
    });

    static byte[] Tar(Action<TarWriter> write)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            write(writer);
        }

        return archive.ToArray();
    }

    static byte[] Compressed(byte[] content, Compression compression)
    {
        using var target = new MemoryStream();
        using (var packed = Compressor.Open(target, compression, leaveOpen: true))
        {
            packed.Write(content);
        }

        return target.ToArray();
    }

    static byte[] Zip(params (string Path, string Text)[] entries)
    {
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, text) in entries)
            {
                using var content = zip.CreateEntry(path).Open();
                content.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return archive.ToArray();
    }
}
