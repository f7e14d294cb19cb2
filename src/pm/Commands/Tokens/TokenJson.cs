using System.Text.Json;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Repositories.Tokens;

namespace Pm.Cli.Commands.Tokens;

/// <summary>How tokens look in <c>--json</c>.</summary>
static class TokenJson
{
    /// <summary>The members of a token that is asked for, into an object that is open.</summary>
    public static void WriteWanted(Utf8JsonWriter json, NewToken wanted)
    {
        Outcome.WriteTexts(json, "scopes", wanted.Scopes.Select(scope => scope.ToString()));
        json.WriteString("note"u8, wanted.Note);
        WriteTime(json, "expires", wanted.Expires);
    }

    /// <summary>A token, as an object.</summary>
    public static void Write(Utf8JsonWriter json, Token token, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, token.Id);
        json.WriteString("state"u8, StateOf(token, now));
        Outcome.WriteTexts(json, "scopes", token.Scopes.Select(scope => scope.ToString()));
        json.WriteString("note"u8, token.Note);
        WriteTime(json, "created", token.Created);
        json.WriteString("created_by"u8, token.CreatedBy);
        WriteTime(json, "expires", token.Expires);
        WriteTime(json, "last_used", token.LastUsed);
        WriteTime(json, "revoked", token.Revoked);
        json.WriteEndObject();
    }

    public static string StateOf(Token token, DateTimeOffset now) => token.StateAt(now) switch
    {
        TokenState.Active => "active",
        TokenState.Expired => "expired",
        _ => "revoked",
    };

    static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time) =>
        json.WriteString(name, time is { } known ? PackageJson.Time(known) : null);
}
