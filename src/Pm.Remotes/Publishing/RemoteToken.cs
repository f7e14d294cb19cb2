using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Pm.Trust.Tuf;

namespace Pm.Remotes.Publishing;

/// <summary>A token as a server describes it.</summary>
public sealed record RemoteToken
{
    const int MaximumWord = 100;

    static readonly SearchValues<char> Letters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    public required string Id { get; init; }

    /// <summary><c>publish:GLOB</c> …</summary>
    public required ImmutableArray<string> Scopes { get; init; }

    /// <summary><c>active</c>, <c>expired</c>, <c>revoked</c>.</summary>
    public string State { get; init; } = "active";

    public string Note { get; init; } = "";

    public string CreatedBy { get; init; } = "";

    public DateTimeOffset? Created { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? Expires { get; init; }

    public DateTimeOffset? LastUsed { get; init; }

    public DateTimeOffset? Revoked { get; init; }

    internal static RemoteToken Read(JsonFields token) => new()
    {
        Id = Word(token, "id"),
        Scopes = [.. token.Texts("scopes")],
        State = token.FindText("state") ?? "active",
        Note = token.FindText("note") ?? "",
        CreatedBy = token.FindText("created_by") ?? "",
        Created = Time(token, "created"),
        Expires = Time(token, "expires"),
        LastUsed = Time(token, "last_used"),
        Revoked = Time(token, "revoked"),
    };

    /// <summary>An id or a secret, which people copy: letters and digits only.</summary>
    internal static string Word(JsonFields token, string name) =>
        token.Text(name) is { Length: > 0 and <= MaximumWord } text && !text.AsSpan().ContainsAnyExcept(Letters)
            ? text
            : throw new MetadataException($"{name}: expected letters and digits");

    internal static DateTimeOffset? Time(JsonFields token, string name) => token.FindText(name) is not { } text ? null
        : DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw new MetadataException($"{name}: expected a time");
}
