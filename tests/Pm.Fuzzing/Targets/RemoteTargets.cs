using Pm.Fuzzing.Gear;
using Pm.Remotes;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Fuzzing.Targets;

/// <summary>Where packages come from.</summary>
static class RemoteTargets
{
    static readonly byte[][] UrlWords =
    [
        .. Words.Text, .. Words.Of(
            "://", "file://", "file:", "https://", "oci://", "git+https://", "git+ssh://", "localhost", "[::1]", "[", "]", "@", "user:pw@", ":", ":99999", "?", "#", "%00", "%2f", "%2e%2e", "%", "~", "xn--"),
    ];

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("remote-url", ReadUrl)
        {
            Seeds = Reading.Seeds("https://example.org/darwin/amd64", "file:///srv/r%20s", "/srv/repo", "repo", "oci://h/x", "git+https://h/x.git#main", "file://localhost/x"),
            Allowed = [typeof(RemoteException)],
            Words = UrlWords,
            MaximumLength = 4096,
        },
        new("remotes-json", b => RemoteList.Parse(b, "x"))
        {
            Seeds = Reading.Seeds("""[{"name":"a","url":"https://example.org/x"},"/srv/repo",{"Scheme":"https","Host":"h","Path":"/p"}]""", "[]"),
            Allowed = [typeof(StoreException)],

            // Each of at most 1,000 remotes is given a name that none before it has.
            MemoryLimit = 64 << 20,
            Words = [.. Words.Json, .. UrlWords, .. Words.Of("\"name\":", "\"url\":", "\"Scheme\":", "\"Host\":", "\"Path\":", "\"mirrors\":[")],
        },
    ];

    static void ReadUrl(byte[] bytes)
    {
        var url = RemoteUrl.Parse(Reading.Text(bytes), "/work");
        Assert.True(RemoteDefinition.IsName(RemoteDefinition.SuggestName(url, ["remote"])));
        if (url.Text.Length <= 2048)
        {
            Assert.Equal(url, RemoteUrl.Parse(url.Text, "/"));
        }
    }
}
