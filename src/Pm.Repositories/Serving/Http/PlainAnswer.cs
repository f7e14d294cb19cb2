using System.Collections.Immutable;

namespace Pm.Repositories.Serving.Http;

/// <summary>What is answered where no file is sent: a status and a line of text, the same from every server of files.</summary>
/// <param name="Status">400 or above.</param>
/// <param name="Text">With its newline; ASCII.</param>
public sealed record PlainAnswer(int Status, string Text)
{
    public const string ContentType = "text/plain; charset=utf-8";

    /// <summary>Those that it has beyond its type and length.</summary>
    public ImmutableArray<(string Name, string Value)> Headers { get; private init; } = [];

    public static PlainAnswer RefusedPath { get; } = new(400, "this path is refused\n");

    public static PlainAnswer NoFile { get; } = new(404, "there is no such file\n");

    public static PlainAnswer OnlyReading { get; } = new(405, "only GET and HEAD are answered here\n") { Headers = [("Allow", "GET, HEAD")] };

    public static PlainAnswer TooSlow { get; } = new(408, "the request took too long\n");

    /// <summary>Descriptors are short, or the disk fails: it may be there a moment later.</summary>
    public static PlainAnswer Unavailable { get; } = new(503, "this file cannot be read now\n") { Headers = [("Retry-After", "1")] };

    /// <summary>A head that says nothing, or two things.</summary>
    public static PlainAnswer NotUnderstood(int status) => new(status, "this is no request that is understood here\n");
}
