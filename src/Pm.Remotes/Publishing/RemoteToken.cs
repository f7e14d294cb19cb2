using System.Collections.Immutable;
using System.Globalization;
using Pm.Trust.Tuf;

namespace Pm.Remotes.Publishing;

/// <summary>A token as a server describes it.</summary>
public sealed record RemoteToken
{
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
        Id = token.Text("id"),
        Scopes = [.. token.Texts("scopes")],
        State = token.FindText("state") ?? "active",
        Note = token.FindText("note") ?? "",
        CreatedBy = token.FindText("created_by") ?? "",
        Created = Time(token, "created"),
        Expires = Time(token, "expires"),
        LastUsed = Time(token, "last_used"),
        Revoked = Time(token, "revoked"),
    };

    internal static DateTimeOffset? Time(JsonFields token, string name) => token.FindText(name) is not { } text ? null
        : DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw new MetadataException($"{name}: expected a time");
}
