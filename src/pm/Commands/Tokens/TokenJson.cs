using System.Text.Json;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Remotes.Publishing;
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

    /// <summary>The members of a token, into an object that is open.</summary>
    public static void WriteMembers(Utf8JsonWriter json, RemoteToken token)
    {
        json.WriteString("id"u8, token.Id);
        json.WriteString("state"u8, token.State);
        Outcome.WriteTexts(json, "scopes", token.Scopes);
        json.WriteString("note"u8, token.Note);
        WriteTime(json, "created", token.Created);
        json.WriteString("created_by"u8, token.CreatedBy);
        WriteTime(json, "expires", token.Expires);
        WriteTime(json, "last_used", token.LastUsed);
        WriteTime(json, "revoked", token.Revoked);
    }

    static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time) =>
        json.WriteString(name, time is { } known ? PackageJson.Time(known) : null);
}
