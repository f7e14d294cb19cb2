using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Pm.Blobs;
using Pm.Codecs;
using Pm.Packages.Index;
using Pm.Remotes.Downloads;
using Pm.Remotes.Http;
using Pm.Repositories.Tests;
using Pm.Simulation;
using Pm.Simulation.Lying;
using Pm.Simulation.Repositories;
using Pm.Trust;
using Pm.Trust.OpenPgp;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Remotes.Tests;

/// <summary>Two mirrors of one repository, of which the first is bad in some way: what is accepted is the same.</summary>
public sealed class MirrorTests : IAsyncDisposable
{
    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly byte[] Blob = RandomNumberGenerator.GetBytes(300_000);
    static readonly MerkleRoot Root = MerkleRoot.Of(Blob);

    readonly ManualClock _clock = new();
    readonly TemporaryDirectory _directory = new();
    readonly RepositorySimulator _repository = new(Now);
    readonly LyingServer _bad;
    readonly LyingServer _good;
    readonly ConcurrentQueue<string> _notes = [];
    readonly Fetchers _fetchers;
    readonly IFetcher _fetcher;
    readonly RepositoryClient _client;
    readonly KeptIndex _kept = new();
    Dictionary<string, byte[]>? _old;

    public MirrorTests()
    {
        _repository.Files[$"blobs/{Root}"] = Blob;
        _bad = new LyingServer(path => (_old ?? _repository.Files).GetValueOrDefault(path));
        _good = new LyingServer(path => _repository.Files.GetValueOrDefault(path));
        _fetchers = new Fetchers(() => new HttpSettings { Time = _clock, Attempts = 1, Note = _notes.Enqueue });
        _fetcher = Open(_bad.Url, _good.Url);
        _client = new RepositoryClient("testing", _fetcher, _directory["tuf/testing"]);
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _fetchers.Dispose();
        await _bad.DisposeAsync();
        await _good.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task The_first_alone_is_asked_while_it_is_good()
    {
        await TrustAndPullAsync();

        Assert.Empty(_good.Requests);
        Assert.Empty(_notes);
    }

    public static TheoryData<string> MetadataLies => ["gone", "500", "portal", "altered", "rolled back", "frozen", "endless", "lost", "short", "loop", "to nowhere"];

    [Theory]
    [MemberData(nameof(MetadataLies))]
    public async Task Metadata_comes_from_the_next(string name)
    {
        await TrustAndPullAsync();
        var old = new Dictionary<string, byte[]>(_repository.Files);
        if (name == "rolled back")
        {
            Add("foo/0.9");
            await _kept.PullAsync(_client, Now, Cancellation);
        }

        Add("foo/1.0");
        _old = name switch
        {
            "rolled back" => old,
            "frozen" => Frozen(),
            _ => null,
        };
        _bad.LieAlways = name switch
        {
            "500" => Lies.Status("500 Internal Server Error"),
            "portal" => Lies.PortalAsync,
            "altered" => Lies.WrongBytesAsync,
            "endless" => Lies.EndlessBodyAsync,
            "lost" => Lies.Status("404 Not Found"),
            "short" => Lies.ShortBodyAsync,
            "loop" => Lies.RedirectTo("/x"),
            "to nowhere" => Lies.RedirectTo($"http://{Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("\u202e"))}.test/"),
            _ => null,
        };
        if (name == "gone")
        {
            await _bad.DisposeAsync();
        }

        // The honest one has what the time of the test says is current.
        await _kept.PullAsync(_client, Now.AddDays(name == "frozen" ? 40 : 0), Cancellation);

        Assert.Contains("foo@1.0", _kept.Packages);
        Assert.Equal(_repository.Files["timestamp.json"], File.ReadAllBytes(_directory["tuf/testing/timestamp.json"]));
        Assert.Contains(_notes, note => note.Contains(_bad.Url, StringComparison.Ordinal) && note.EndsWith($"; asking {_good.Url}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_has_no_root_does_not_keep_the_next_from_being_asked()
    {
        _bad.LieAlways = Lies.Status("404 Not Found");
        var offered = await _client.OfferRootAsync(Cancellation);

        using var other = new RepositoryClient("other", Open(_bad.Url, _good.Url), _directory["tuf/other"]);
        var found = await other.FindRootAsync(offered.Fingerprint, Cancellation);

        Assert.Equal(_repository.Files["root.json"], found.Bytes);
        Assert.Contains(_notes, note => note.Contains(_bad.Url, StringComparison.Ordinal) && note.EndsWith($"; asking {_good.Url}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_nobody_has_a_root_that_is_said()
    {
        _bad.LieAlways = _good.LieAlways = Lies.Status("404 Not Found");

        Assert.Equal("PM6010", (await Assert.ThrowsAsync<RemoteException>(() => _client.OfferRootAsync(Cancellation))).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_slow_one_is_not_asked_again_where_there_is_another()
    {
        using var patient = new Fetchers(() => new HttpSettings { Time = _clock, Attempts = 5, Note = _notes.Enqueue });
        using var fetcher = patient.Open(new RemoteDefinition("testing", RemoteUrl.Parse(_bad.Url, "/")) { Mirrors = [RemoteUrl.Parse(_good.Url, "/")] });
        _bad.LieAlways = async answer =>
        {
            await answer.SendHeadAsync("200 OK", $"Content-Length: {Blob.Length}");
            await answer.SendAsync(answer.Content.AsMemory(0, 10));
            await answer.WaitAsync();
        };
        await using var body = (await fetcher.OpenAsync(new FetchRequest($"blobs/{Root}", Blob.Length) { IsRequired = true }, Cancellation))!.Content;
        var read = new byte[Blob.Length];
        await body.ReadExactlyAsync(read.AsMemory(0, 10), Cancellation);

        var rest = body.ReadExactlyAsync(read.AsMemory(10), Cancellation).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(30));
        await rest;

        Assert.Equal(Blob, read);
        Assert.Single(_bad.Requests);
        Assert.Contains("too slow", Assert.Single(_notes), StringComparison.Ordinal);
    }

    public static TheoryData<string> BlobLies => ["gone", "altered", "lost", "breaks off", "longer", "403"];

    [Theory]
    [MemberData(nameof(BlobLies))]
    public async Task A_blob_comes_from_the_next(string name)
    {
        _bad.LieAlways = name switch
        {
            "altered" => Lies.WrongBytesAsync,
            "lost" => Lies.Status("404 Not Found"),
            "breaks off" => Lies.ShortBodyAsync,
            "longer" => Lies.TooLongAsync,
            "403" => Lies.Status("403 Forbidden"),
            _ => null,
        };
        if (name == "gone")
        {
            await _bad.DisposeAsync();
        }

        Assert.Equal(Blob, await ReadAsync(_fetcher));
        Assert.NotEmpty(_good.Requests);
        Assert.Contains(_bad.Url, Assert.Single(_notes), StringComparison.Ordinal);

        // It went to the back.
        _bad.Requests.Clear();
        Assert.Equal(Blob, await ReadAsync(_fetcher));
        Assert.Empty(_bad.Requests);
    }

    public static TheoryData<string> SignatureLies => ["lost", "half lost", "altered", "another's", "403"];

    [Theory]
    [MemberData(nameof(SignatureLies))]
    public async Task A_signature_comes_from_the_next(string name)
    {
        var sample = new SamplePackage("foo@1.0", "one");
        var path = $"signatures/{sample.Package.Hash}/manifest.sha256";
        _repository.Files[path] = Encoding.ASCII.GetBytes(
            $"{Sha256Digest.Of(Encoding.ASCII.GetBytes(sample.Package.Hash.ToString()))}\tpackage.merkle\n");
        _repository.Files[$"{path}.asc"] = SamplePackage.Sign(_repository.Files[path]);
        _bad.Lies[name is "half lost" or "another's" ? $"{path}.asc" : path] = name switch
        {
            "altered" => Lies.WrongBytesAsync,
            "another's" => Lies.WrongBytesAsync,
            "403" => Lies.Status("403 Forbidden"),
            _ => Lies.Status("404 Not Found"),
        };
        var signed = new PublishedPackage(
            new PublishedTarget(new AvailablePackage(sample.Package.Id) { Hash = sample.Package.Hash, Signer = SamplePackage.Signer.ToString() }), null);

        var signature = await _client.ReadSignatureAsync(signed, Judge, Cancellation);

        Assert.Equal(_repository.Files[$"{path}.asc"], signature.Signature.ToArray());
        Assert.Contains(_notes, note => note.Contains(_bad.Url, StringComparison.Ordinal) && note.EndsWith($"; asking {_good.Url}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_all_are_bad_it_ends_with_what_the_first_did()
    {
        _bad.LieAlways = Lies.Status("403 Forbidden");
        _good.LieAlways = Lies.Status("410 Gone");

        var refused = await Assert.ThrowsAsync<RemoteException>(() => _kept.PullAsync(_client, Now, Cancellation));
        Assert.Equal("PM6007", refused.Code);
        refused = await Assert.ThrowsAsync<RemoteException>(() => ReadAsync(_fetcher));

        Assert.Contains(_bad.Url, refused.Message, StringComparison.Ordinal);
        Assert.Contains("got 403", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_is_as_good_a_mirror()
    {
        Directory.CreateDirectory(_directory["copy/blobs"]);
        File.WriteAllBytes(_directory[$"copy/blobs/{Root}"], Blob);
        using var fetcher = Open(_directory["nowhere"], _bad.Url, _directory["copy"]);
        _bad.LieAlways = Lies.Status("404 Not Found");

        Assert.Equal(Blob, await ReadAsync(fetcher));
    }

    /// <summary>No signature covers the list of such a remote: two halves of two lists could be one that nobody wrote.</summary>
    [Fact]
    public async Task An_unsigned_list_is_not_pasted_together_from_two_places()
    {
        _old = new Dictionary<string, byte[]> { ["available.json"] = "{          }"u8.ToArray() };
        _repository.Files["available.json"] = "{      }"u8.ToArray();
        _bad.LieAlways = Lies.ShortBodyAsync;

        var result = await _client.PullPlainAsync(null, Cancellation);

        Assert.True(result.IsNew);
        Assert.DoesNotContain(_good.Requests, request => request.Headers.ContainsKey("range"));
    }

    [Fact]
    public async Task A_blob_of_unknown_size_is_no_larger_than_its_package()
    {
        _good.LieAlways = Lies.EndlessBodyAsync;
        using var fetcher = Open(_good.Url);
        using var client = new RepositoryClient("testing", fetcher, _directory["tuf/other"]);
        await using var download = client.DownloadBlob(new WantedBlob(Root, null, null) { MaximumSize = 1000 });

        var refused = await Assert.ThrowsAsync<RemoteException>(() => download.CopyToAsync(Stream.Null, Cancellation));

        Assert.Equal("PM6004", refused.Code);
    }

    /// <summary>As stores of objects do whose list is not public.</summary>
    [Fact]
    public async Task Where_403_stands_for_what_is_not_there_a_repository_can_be_used()
    {
        using var fetcher = Open(_good.Url);
        using var client = new RepositoryClient("testing", fetcher, _directory["tuf/other"]);
        _good.LieAlways = answer => answer.Content is null ? Lies.Status("403 Forbidden")(answer) : Truth.TellAsync(answer);
        for (var i = 0; i < 50; i++)
        {
            Add($"foo/{i}");
        }

        client.Trust(await client.OfferRootAsync(Cancellation));
        await _kept.PullAsync(client, Now, Cancellation);
        await Assert.ThrowsAsync<FirstTrustException>(() => client.FindRootAsync(RootFingerprint.Of("x"u8.ToArray()), Cancellation));

        Assert.Equal(50, _kept.Packages.Count());
        Assert.Contains(_good.Requests, request => request.Path.EndsWith(".targets.json.zst", StringComparison.Ordinal));
    }

    [Fact]
    public async Task That_there_is_no_next_root_is_believed_from_the_first()
    {
        await TrustAndPullAsync();

        Assert.Contains(_bad.Requests, r => r.Path == "2.root.json");
        Assert.Empty(_good.Requests);
    }

    /// <summary>What the publisher signed last, and would have signed again long ago.</summary>
    Dictionary<string, byte[]> Frozen()
    {
        var frozen = new Dictionary<string, byte[]>(_repository.Files);
        _repository.Expires = Now.AddDays(60);
        _repository.PublishRoot();
        _repository.Publish();
        return frozen;
    }

    static PublisherSignature Judge(PublisherSignature? signature) =>
        signature is null ? throw new TrustException("PM3001", "not signed")
        : SamplePackage.Judge(signature.Manifest, signature.Signature) is SignerDecision.Refused ? throw new TrustException("PM3003", "altered")
        : signature;

    IFetcher Open(params string[] places)
    {
        var urls = places.Select(p => RemoteUrl.Parse(p, "/")).ToList();
        return _fetchers.Open(new RemoteDefinition("testing", urls[0]) { Mirrors = [.. urls.Skip(1)] });
    }

    /// <summary>As whoever stores it does: another place is asked once more for each that was wrong.</summary>
    static async Task<byte[]> ReadAsync(IFetcher fetcher)
    {
        for (var attempt = 1; ; attempt++)
        {
            var body = (await fetcher.OpenAsync(new FetchRequest($"blobs/{Root}", Blob.Length) { IsRequired = true }, Cancellation))!;
            await using var verified = new VerifiedStream(body.Content, Root, Blob.Length, body.Source);
            try
            {
                using var buffer = new MemoryStream();
                await verified.CopyToAsync(buffer, Cancellation);
                return buffer.ToArray();
            }
            catch (BlobMismatchException e) when (attempt < fetcher.Places)
            {
                fetcher.Distrust(body.Source, e);
            }
        }
    }

    async Task TrustAndPullAsync()
    {
        _client.Trust(await _client.OfferRootAsync(Cancellation));
        await _kept.PullAsync(_client, Now, Cancellation);
    }

    void Add(string target)
    {
        _repository.AddTarget(target, [1, 2, 3], """{"merkle":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","size":3}""");
        _repository.Publish();
    }
}
