using System.Runtime.InteropServices;
using Pm.Repositories.Tests;
using Xunit;

namespace Pm.Remotes.Tests;

public sealed partial class FileFetcherTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public FileFetcherTests()
    {
        Directory.CreateDirectory(_directory["repo/blobs"]);
        File.WriteAllText(_directory["secret"], "secret");
        File.WriteAllText(_directory["repo/root.json"], "root");
        File.WriteAllText(_directory["repo/blobs/a"], "blob a");
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Files_are_read_also_below_directories()
    {
        Assert.Equal("root", await ReadAsync("root.json"));
        Assert.Equal("blob a", await ReadAsync("blobs/a"));
    }

    [Fact]
    public async Task The_directory_with_repository_in_it_is_as_good()
    {
        Directory.CreateDirectory(_directory["outer"]);
        Directory.Move(_directory["repo"], _directory["outer/repository"]);
        using var fetcher = FileFetcher.Open(RemoteUrl.Parse(_directory["outer"], "/"));

        var body = await fetcher.OpenAsync(new FetchRequest("root.json", 100), TestContext.Current.CancellationToken);

        await body!.Content.DisposeAsync();
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("nothing/at/all")]
    [InlineData("root.json/below")]
    public async Task What_is_not_there_is_a_value(string path) => Assert.Null(await ReadAsync(path));

    [Fact]
    public async Task A_longer_file_is_refused_with_both_lengths()
    {
        var refused = await Assert.ThrowsAsync<RemoteException>(() => ReadAsync("blobs/a", maximumLength: 5));

        Assert.Equal("PM6004", refused.Code);
        Assert.Contains("at most 5 bytes, got 6", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_grows_while_it_is_read_is_cut_off()
    {
        using var fetcher = Open();
        await using var stream = (await fetcher.OpenAsync(new FetchRequest("blobs/a", 6), TestContext.Current.CancellationToken))!.Content;
        File.AppendAllText(_directory["repo/blobs/a"], "more");

        Assert.Throws<RemoteException>(() => stream.CopyTo(Stream.Null));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("blobs/../../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    [InlineData("blobs//a")]
    [InlineData("./root.json")]
    [InlineData("blobs\\a")]
    [InlineData("root.json\0x")]
    public async Task A_path_that_could_lead_elsewhere_is_never_asked_for(string path) =>
        Assert.Equal("PM6005", (await Assert.ThrowsAsync<RemoteException>(() => ReadAsync(path))).Code);

    [Theory]
    [InlineData("link")]
    [InlineData("linked/secret")]
    public async Task Symbolic_links_out_of_the_repository_are_refused(string path)
    {
        File.CreateSymbolicLink(_directory["repo/link"], _directory["secret"]);
        Directory.CreateSymbolicLink(_directory["repo/linked"], _directory.Path);

        var exception = await Record.ExceptionAsync(() => ReadAsync(path));

        // A directory that is a link may as well be told to be no directory.
        Assert.True(exception is RemoteException { Code: "PM6003" } || await ReadAsync(path) is null);
    }

    [Fact]
    public async Task A_pipe_or_a_directory_in_a_files_place_is_refused_at_once()
    {
        Assert.Equal(0, MakePipe(_directory["repo/pipe"], 0x1b6));

        Assert.Equal("PM6003", (await Assert.ThrowsAsync<RemoteException>(() => ReadAsync("pipe"))).Code);
        Assert.Equal("PM6003", (await Assert.ThrowsAsync<RemoteException>(() => ReadAsync("blobs"))).Code);
    }

    [Fact]
    public async Task The_rest_of_a_file_is_read_from_an_offset_while_the_file_is_the_same()
    {
        using var fetcher = Open();
        var whole = (await fetcher.OpenAsync(new FetchRequest("blobs/a", 6), TestContext.Current.CancellationToken))!;
        await whole.Content.DisposeAsync();
        var request = new FetchRequest("blobs/a", 100) { Offset = 5, Validator = whole.Validator };

        Assert.Equal((5, "a"), await RestAsync(fetcher, request));
        Assert.Equal((0, "blob a"), await RestAsync(fetcher, request with { Offset = 7 }));
        File.AppendAllText(_directory["repo/blobs/a"], " other");
        Assert.Equal((0, "blob a other"), await RestAsync(fetcher, request));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("secret")]
    public void A_remote_that_is_no_directory_is_named(string name)
    {
        var refused = Assert.Throws<RemoteException>(() => FileFetcher.Open(RemoteUrl.Parse(_directory[name], "/")));

        Assert.Equal("PM6003", refused.Code);
        Assert.Contains(_directory[name], refused.Message, StringComparison.Ordinal);
    }

    static async Task<(long Offset, string Text)> RestAsync(FileFetcher fetcher, FetchRequest request)
    {
        var body = (await fetcher.OpenAsync(request, TestContext.Current.CancellationToken))!;
        using var reader = new StreamReader(body.Content);
        return (body.Offset, await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    FileFetcher Open() => FileFetcher.Open(RemoteUrl.Parse(_directory["repo"], "/"));

    async Task<string?> ReadAsync(string path, long maximumLength = 1000)
    {
        using var fetcher = Open();
        if (await fetcher.OpenAsync(new FetchRequest(path, maximumLength), TestContext.Current.CancellationToken) is not { } body)
        {
            return null;
        }

        using var reader = new StreamReader(body.Content);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);
}
