using System.Text;
using Pm.Codecs;
using Pm.Linux;
using Pm.Repositories.Serving;
using Xunit;

namespace Pm.Repositories.Tests.Serving;

/// <summary>What of a directory strangers get.</summary>
public sealed class ServedDirectoryTests : IDisposable
{
    readonly RepositoryFixture _fixture = new();
    readonly ServedDirectory _files;

    public ServedDirectoryTests() => _files = RepositorySet.Open([_fixture.Path], _ => { }).All[0].Files;

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public void A_file_is_read_from_any_offset(int size)
    {
        var content = Enumerable.Range(0, size).Select(i => (byte)i).ToArray();
        Write("note", content);
        using var file = Found("note");

        Assert.Equal(size, file.Length);
        Assert.Equal(content[(size / 2)..], Read(file, size / 2));
        Assert.Empty(Read(file, size));
        Assert.Equal(size <= OpenFiles.MaximumContent, file.IsInMemory);
    }

    [Theory]
    [InlineData("link")]
    [InlineData("linked/inner")]
    [InlineData("pipe")]
    [InlineData("directory")]
    [InlineData("missing")]
    [InlineData("timestamp.json/x")]
    [InlineData("keys/root.json")]
    [InlineData(".hidden")]
    [InlineData("../keys/root.json")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    public void Nothing_but_regular_files_is_served(string path)
    {
        File.CreateSymbolicLink(Served("link"), Served("timestamp.json"));
        Directory.CreateDirectory(Served("directory"));
        Write("directory/inner", [1]);
        Directory.CreateSymbolicLink(Served("linked"), Served("directory"));
        Write("keys/root.json", [1]);
        Write(".hidden", [1]);
        Assert.Equal(0, MakePipe(Served("pipe"), 0x1ff));

        Assert.Null(_files.Find(path));
    }

    [Fact]
    public void A_directory_that_became_a_link_is_not_followed_though_its_file_is_kept()
    {
        Write("directory/inner", [1]);
        using (Found("directory/inner"))
        {
        }

        Directory.Move(Served("directory"), System.IO.Path.Join(_fixture.Outside, "moved"));
        Directory.CreateDirectory(System.IO.Path.Join(_fixture.Outside, "other"));
        File.WriteAllText(System.IO.Path.Join(_fixture.Outside, "other/inner"), "secret");
        Directory.CreateSymbolicLink(Served("directory"), System.IO.Path.Join(_fixture.Outside, "other"));

        Assert.Null(_files.Find("directory/inner"));
    }

    [Fact]
    public void Who_reads_a_file_that_is_removed_reads_it_to_the_end()
    {
        Write("large", new byte[200_000]);
        using var file = Found("large");
        File.Delete(Served("large"));

        Assert.Equal(200_000, Read(file, 0).Length);
        Assert.Null(_files.Find("large"));
    }

    [Theory]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMC4CAQ")]
    [InlineData("some text before\n-----BEGIN OPENSSH PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN PGP PRIVATE KEY BLOCK-----\n")]
    [InlineData("{\n\t\"encrypted\": false,\n\t\"data\": []}")]
    [InlineData(" {\"keytype\":\"ed25519\",\"keyval\":{\"private\":\"00\"}}")]
    public void A_private_key_is_not_served_and_keeps_a_server_from_starting(string content)
    {
        Write("notes/id", Encoding.UTF8.GetBytes(content));

        Assert.Null(_files.Find("notes/id"));
        Assert.Equal("PM5203", Assert.Throws<RepositoryException>(() => RepositorySet.Open([_fixture.Path], _ => { })).Code);
    }

    [Theory]
    [InlineData("id", "77u/LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t")]
    [InlineData("id.der", "MC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("pmd.sqlite", "U1FMaXRlIGZvcm1hdCAzABAAAQEAQCAg")]
    public void A_key_behind_a_mark_or_in_a_binary_form_and_a_database_are_not_served(string name, string base64)
    {
        Write(name, Convert.FromBase64String(base64));

        Assert.Null(_files.Find(name));
        Assert.Equal("PM5203", Assert.Throws<RepositoryException>(() => RepositorySet.Open([_fixture.Path], _ => { })).Code);
    }

    [Theory]
    [InlineData("keys.json.zst", true)]
    [InlineData("key-1.0.pkg", false)]
    public void A_compressed_key_or_one_called_a_package_is_not_served(string name, bool isCompressed)
    {
        var key = File.ReadAllBytes($"{_fixture.Path}/keys/root.json");
        using var compressed = new MemoryStream();
        using (var zstd = Compressor.Open(compressed, Compression.Zstandard, 3, leaveOpen: true))
        {
            zstd.Write(key);
        }

        Write(name, isCompressed ? compressed.ToArray() : key);

        Assert.Null(_files.Find(name));
    }

    [Fact]
    public void The_repositorys_own_keys_are_told_wherever_they_were_copied()
    {
        foreach (var name in (string[])["root.json", "blobs/snapshot.json", "targets/x/y"])
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Served(name))!);
            File.Copy($"{_fixture.Path}/keys/root.json", Served(name), overwrite: true);
            Assert.Null(_files.Find(name));
        }
    }

    [Fact]
    public void A_key_that_a_package_contains_is_served()
    {
        var blob = $"blobs/{new string('a', 64)}";
        Write(blob, "-----BEGIN PRIVATE KEY-----\n"u8.ToArray());
        using var file = Found(blob);

        Assert.NotNull(file);
    }

    [Fact]
    public void What_a_repository_has_is_no_key()
    {
        _fixture.Publish(new SamplePackage("foo@1.0", "one"));
        foreach (var path in Directory.EnumerateFiles(_fixture.Served, "*", SearchOption.AllDirectories))
        {
            using var file = _files.Find(System.IO.Path.GetRelativePath(_fixture.Served, path));
            Assert.NotNull(file);
        }

        _ = RepositorySet.Open([_fixture.Path], _ => { });
    }

    [Fact]
    public void No_more_files_are_open_than_descriptors_may_be_taken_for()
    {
        var set = RepositorySet.Open([_fixture.Path], _ => { });
        var files = set.All[0].Files;
        set.OpenFiles.Maximum = 4;
        for (var i = 0; i < 20; i++)
        {
            Write($"large-{i}", new byte[100_000]);
            using var each = files.Find($"large-{i}");
            Assert.NotNull(each);
        }

        var held = Enumerable.Range(0, 4).Select(i => files.Find($"large-{i}")!).ToList();
        Assert.Equal(Errno.EMFILE, Assert.Throws<SystemCallException>(() => files.Find("large-4")).Errno);
        Assert.Equal(503, files.Choose("large-4", null, out _)!.Status);
        held.ForEach(file => file.Dispose());
        using var again = files.Find("large-4");
        Assert.NotNull(again);
    }

    [Fact]
    public void A_sibling_older_than_a_file_that_changes_is_not_given()
    {
        Write("available.json", "new"u8.ToArray());
        Write("available.json.zst", "old"u8.ToArray());
        using var file = Found("available.json");
        using (var sibling = _files.FindSibling(file))
        {
            Assert.NotNull(sibling);
        }

        File.SetLastWriteTimeUtc(Served("available.json.zst"), file.Modified.UtcDateTime.AddSeconds(-1));
        Assert.Null(_files.FindSibling(file));
    }

    [Fact]
    public void A_tag_is_of_one_state_of_one_file()
    {
        Write("a", "one"u8.ToArray());
        string first;
        using (var file = Found("a"))
        {
            first = file.EntityTag;
        }

        Write("a", "longer"u8.ToArray());
        using var later = Found("a");
        Assert.NotEqual(first, later.EntityTag);
        Assert.Matches("^\"[0-9a-f]+-[0-9a-f]+\"$", later.EntityTag);
    }

    [Fact]
    public void More_files_than_are_kept_open_can_be_served()
    {
        for (var i = 0; i < OpenFiles.MaximumFiles + 200; i++)
        {
            Write($"n{i}", [(byte)i]);
        }

        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < OpenFiles.MaximumFiles + 200; i++)
            {
                using var file = Found($"n{i}");
                Assert.Equal([(byte)i], Read(file, 0));
            }
        }
    }

    [Fact]
    public async Task Many_readers_share_files_that_others_replace()
    {
        var isOver = false;
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                using var file = _files.Find("shared");
                Assert.True(file is null || Read(file, 0).Distinct().Count() == 1);
            }
        })).ToList();
        for (var i = 0; i < 500; i++)
        {
            var content = new byte[i % 2 == 0 ? 10 : 50_000];
            content.AsSpan().Fill((byte)i);
            Write("fresh", content);
            File.Move(Served("fresh"), Served("shared"), overwrite: true);
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(readers);
    }

    public void Dispose() => _fixture.Dispose();

    ServedFile Found(string path) => _files.Find(path) ?? throw new Xunit.Sdk.XunitException($"{path} is not served");

    string Served(string path) => System.IO.Path.Join(_fixture.Served, path);

    void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Served(path))!);
        File.WriteAllBytes(Served(path), content);
    }

    static byte[] Read(ServedFile file, long offset)
    {
        var buffer = new byte[300_000];
        return buffer[..file.Read(buffer, offset)];
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "mkfifo", CharSet = System.Runtime.InteropServices.CharSet.Ansi)]
#pragma warning disable CA2101, SYSLIB1054 // A path of this test's own.
    static extern int MakePipe(string path, int mode);
#pragma warning restore CA2101, SYSLIB1054
}
