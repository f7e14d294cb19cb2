using Pm.Trust.Tuf;

namespace Pm.Remotes.Publishing;

/// <summary>An entry of the audit log as a server gives it.</summary>
public sealed record RemoteAuditEntry
{
    /// <summary>Rises by one or more with each entry.</summary>
    public required long Number { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required string Actor { get; init; }

    public string? Note { get; init; }

    public string? Address { get; init; }

    public required string Action { get; init; }

    public required string Subject { get; init; }

    public string? Detail { get; init; }

    /// <summary>Null: it is going on.</summary>
    public string? Result { get; init; }

    internal static RemoteAuditEntry Read(JsonFields entry) => new()
    {
        Number = entry.Number("number", 1),
        Time = RemoteToken.Time(entry, "time") ?? throw new MetadataException("time: expected a time"),
        Actor = entry.Text("actor"),
        Note = entry.FindText("note"),
        Address = entry.FindText("address"),
        Action = entry.Text("action"),
        Subject = entry.Text("subject"),
        Detail = entry.FindText("detail"),
        Result = entry.FindText("result"),
    };
}
