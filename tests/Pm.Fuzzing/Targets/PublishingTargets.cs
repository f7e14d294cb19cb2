using System.Net;
using Pm.Fuzzing.Gear;
using Pm.Packages;
using Pm.Remotes;
using Pm.Remotes.Publishing;
using Pm.Repositories;
using Pm.Repositories.Publishing;
using Pm.Repositories.Tokens;
using Pm.Repositories.Uploads;
using Pm.Stages.Publishing;
using Pm.Storage;
using Pm.Trust.Tuf;

namespace Pm.Fuzzing.Targets;

/// <summary>What publishers and servers say to each other.</summary>
static class PublishingTargets
{
    const string Digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly StagedUpload[] Asked = [new(default, "a-1.pkg", PackageId.Parse("a@1"))];
    static readonly RemoteUrl Url = RemoteUrl.Parse("https://host/x", "/");

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("publishing/range", ReadRange)
        {
            Seeds = Reading.Seeds("bytes 0-9/10", "bytes 5-9/10", "bytes 0-0/1"),
            Allowed = [typeof(RepositoryException)],
            Words = [.. Words.Text, .. Words.Of("bytes ", "-", "/", "*", "9223372036854775807", "99999999999999999999")],
            MaximumLength = 512,
        },
        new("publishing/scope", ReadScope)
        {
            Seeds = Reading.Seeds("publish:*", "publish:acme/*", "yank", "yank:foo-?", "admin"),
            Allowed = [typeof(RepositoryException)],
            Words = [.. Words.Text, .. Words.Of("publish:", "yank", ":", "*", "?", "/", "admin")],
            MaximumLength = 512,
        },
        new("publishing/token", b => Assert.Equal(TokenSecret.TryParse(Reading.Text(b), out var secret), secret is not null))
        {
            Seeds = Reading.Seeds("pm_00000000000000000000000000000000000000000003O9xIA"),
            MaximumLength = 512,
        },
        Request("publishing/uploads", $$"""{"uploads":["{{Digest}}"],"names":["a-1.pkg"]}""", b => RequestDocuments.ReadUploads(b)),
        Request("publishing/yank", """{"name":"acme/foo","version":"1.0","reason":"bad","undo":false}""", b => RequestDocuments.ReadYank(b)),
        Request(
            "publishing/new-token", """{"scopes":["publish:acme/*","yank"],"note":"hi","expires":"2027-01-31T12:00:00Z"}""",
            b => RequestDocuments.ReadToken(b, Now)),
        new("publishing/answer", ReadAnswer)
        {
            Seeds = Reading.Seeds(
                """{"schema":"pm/1","kind":"published","data":{"packages":[{"name":"a","version":"1","hash":null,"signer":null,"new":true}]}}""",
                """{"schema":"pm/1","kind":"error","data":{"code":"PM5031","message":"no","hint":"ask"}}"""),
            Allowed = [typeof(RemoteException)],
            Words = [.. Words.Json, .. Words.Of("\"schema\":", "\"kind\":", "\"data\":", "\"code\":", "\"packages\":", "pm/1", "error")],
        },
        Answer(
            "publishing/token-list", """{"schema":"pm/1","kind":"token-list","data":{"tokens":[{"id":"a1","scopes":["publish:*"],"state":"active","note":"n","created_by":"b","created":"2026-01-31T12:00:00Z","expires":"2027-01-31T12:00:00Z"}]}}""",
            "token-list", data => { foreach (var token in data.Array("tokens")) { RemoteToken.Read(new JsonFields(token, "tokens")); } }),
        Answer(
            "publishing/audit", """{"schema":"pm/1","kind":"audit","data":{"entries":[{"number":3,"time":"2026-01-31T12:00:00Z","actor":"a","address":"::1","action":"publish","subject":"s","detail":"d","result":"done"}]}}""",
            "audit", data => { foreach (var entry in data.Array("entries")) { RemoteAuditEntry.Read(new JsonFields(entry, "entries")); } }),
        new("publishing/kept-tokens", b => TokenFile.Parse(b, "x"))
        {
            Seeds = Reading.Seeds("""{"format":1,"tokens":{"https://host/x":"pm_1"}}"""),
            Allowed = [typeof(StoreException)],
            Words = [.. Words.Json, .. Words.Of("\"format\":", "\"tokens\":")],
        },
    ];

    static FuzzTarget Request(string name, string seed, Action<byte[]> read) => new(name, read)
    {
        Seeds = Reading.Seeds(seed),
        Allowed = [typeof(RepositoryException)],
        Words = [.. Words.Json, .. Words.Of(Digest, "\"uploads\":", "\"names\":", "\"name\":", "\"version\":", "\"scopes\":", "\"expires\":", "never")],
    };

    static FuzzTarget Answer(string name, string seed, string kind, Action<JsonFields> read) => new(name, b => ServerDocument.Read(new Uri(Url.Text), b, kind, data =>
    {
        read(data);
        return 0;
    }))
    {
        Seeds = Reading.Seeds(seed),
        Allowed = [typeof(RemoteException)],
        Words = [.. Words.Json, .. Words.Of("\"schema\":", "\"kind\":", "\"data\":{", "\"id\":", "\"scopes\":[", "\"expires\":", "\"entries\":[", "\"number\":", "0001-01-01T00:00:00Z", "9999-12-31T23:59:60Z")],
    };

    static void ReadRange(byte[] bytes)
    {
        var range = UploadRange.Parse(Reading.Text(bytes), null);
        Assert.InRange(range.Offset, 0, range.Total!.Value - 1);
    }

    /// <summary>What is accepted is written and read again as the same, and covers no owner that it does not name.</summary>
    static void ReadScope(byte[] bytes)
    {
        var scope = TokenScope.Parse(Reading.Text(bytes));
        Assert.Equal(scope, TokenScope.Parse(scope.ToString()));
        Assert.True(scope.Names.Text.Contains('/') || scope.Names.IsEverything || !scope.Names.Covers(PackageName.Parse("owner/name")));
    }

    static void ReadAnswer(byte[] bytes)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.Forbidden);
        var refusal = ServerRefusal.Of(Url, response, bytes);
        Assert.Matches("^PM[0-9]{4}$", refusal.Code);
        ServerDocument.Read(new Uri(Url.Text), bytes, "published", data => PublishedUpload.ReadAll(data, Asked));
    }
}
