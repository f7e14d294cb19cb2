using Pm.Fuzzing.Gear;
using Pm.Repositories.Serving;
using Pm.Repositories.Serving.Http;

namespace Pm.Fuzzing.Targets;

/// <summary>What a server reads of a request.</summary>
static class ServingTargets
{
    const long Size = 1000;

    static readonly byte[][] Headers = Words.Of(
        "bytes=", "0-", "-1", "0-9", ",", "W/", "\"abc\"", "*", "Fri, 01 May 2026 12:00:00 GMT", ";q=0.5", "zstd", "gzip", "99999999999999999999");

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("serving/path", ReadPath)
        {
            Seeds = Reading.Seeds("/a/b.json?q", "/%2e%2e/x", "http://h/a%20b", "/blobs/aa.zst", "/12.targets.json"),
            Words = [.. Words.Text, .. Words.Of("%2f", "%2e", "..", "//", "%c3%a9", "?", "http://", "%")],
            MaximumLength = 8192,
        },
        new("serving/conditions", ReadConditions)
        {
            Seeds = Reading.Seeds(
                "bytes=0-9\n\"abc\"\n*\n\nzstd", "bytes=-5\n\nW/\"abc\", \"d\"\nFri, 01 May 2026 12:00:00 GMT\ngzip, zstd;q=0.1", "bytes=1-2,3-4\nFriday, 01-May-26 12:00:00 GMT\n\n\n*"),
            Words = [.. Words.Text, .. Headers],
            MaximumLength = 4096,
        },
        new("serving/head", ReadHead)
        {
            Seeds = Reading.Seeds("GET /a HTTP/1.1\r\nHost: x\r\n\r\n", "HEAD /b HTTP/1.0\r\nRange: bytes=0-1\r\nContent-Length: 0\r\n\r\n"),
            Words = [.. Headers, .. Words.Of("\r\n", ":", "HTTP/1.1", "Host: x\r\n", "Content-Length: 1\r\n", " ", "\n", "\r")],
            MaximumLength = RequestHeadReader.MaximumLength,
        },
        new("serving/key", b => PrivateKeys.IsOne(b)) { Seeds = Reading.Seeds("-----BEGIN PRIVATE KEY-----", "{\"encrypted\":false}", "\u0094") },
    ];

    /// <summary>What is accepted names one file within a directory, whoever reads it.</summary>
    static void ReadPath(byte[] bytes)
    {
        var target = Reading.Text(bytes);
        if (RequestPath.Decode(target) is not { } path)
        {
            return;
        }

        Assert.DoesNotContain(path.Split('/'), part => part is "." or "..");
        Assert.DoesNotContain('\0', path);
        Assert.DoesNotContain('\\', path);
        Assert.False(path.StartsWith('/'));
        _ = RequestPath.Query(target);
        if (ServedPath.IsServable(path))
        {
            Assert.StartsWith("/served/", Path.GetFullPath(Path.Join("/served", path), "/"));
        }

        _ = ServedPath.IsFixed(path);
        _ = ServedPath.MayHaveSibling(path);
        _ = ServedPath.ContentType(path);
        _ = PrivateKeys.MayBe(path);
    }

    static void ReadHead(byte[] bytes)
    {
        var status = RequestHeadReader.Read(bytes, out var head);
        Assert.Equal(head is null, status != 0);
        if (head is not null)
        {
            Assert.DoesNotContain(head.Method + head.Target + head.Agent + head.Conditions.Range, letter => letter is '\r' or '\n' or '\0');
            _ = RequestPath.Decode(head.Target);
        }
    }

    /// <summary>Whatever is sent, the bytes that are answered are within the file.</summary>
    static void ReadConditions(byte[] bytes)
    {
        string?[] lines = [.. Reading.Text(bytes).Split('\n'), null, null, null, null, null, null, null];
        var conditions = new FileConditions
        {
            Range = lines[0],
            IfRange = lines[1],
            IfNoneMatch = lines[2],
            IfModifiedSince = lines[3],
            IfMatch = lines[4],
            IfUnmodifiedSince = lines[5],
        };
        var answer = FileAnswer.Decide(conditions, isGet: true, Size, "\"abc\"", DateTimeOffset.UnixEpoch);
        Assert.Contains(answer.Status, (int[])[200, 206, 304, 412, 416]);
        Assert.InRange(answer.Offset, 0, Size);
        Assert.InRange(answer.Count, answer.Status == 206 ? 1 : 0, Size - answer.Offset);
        _ = AcceptedEncoding.TakesZstandard(lines[4]);
    }
}
